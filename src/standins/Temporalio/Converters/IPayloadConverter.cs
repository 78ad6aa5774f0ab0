using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Turns values into payloads and back. Used inside workflows: must be deterministic and must not block.</summary>
public interface IPayloadConverter
{
    Payload ToPayload(object? value);

    /// <summary>The payload's value as <paramref name="type"/>.</summary>
    object? ToValue(Payload payload, Type type);
}
