using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Exceptions;

/// <summary>Details that arrived with a failure, decoded when asked for.</summary>
/// <param name="Converter">Decodes the payloads.</param>
/// <param name="Payloads">The details in order; null when there are none.</param>
public record InboundFailureDetails(IPayloadConverter Converter, IReadOnlyCollection<Payload>? Payloads) : IFailureDetails
{
    public int Count => Payloads?.Count ?? 0;

    public T ElementAt<T>(int index)
    {
        if (Payloads is null || index < 0 || index >= Payloads.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The failure carries {Count} details.");

        return Converter.ToValue<T>(Payloads.ElementAt(index));
    }
}
