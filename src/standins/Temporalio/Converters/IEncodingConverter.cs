using System.Diagnostics.CodeAnalysis;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Handles one encoding, named in the payload's metadata.</summary>
public interface IEncodingConverter
{
    /// <summary>The value of the metadata key <c>encoding</c>, such as <c>json/plain</c>.</summary>
    string Encoding { get; }

    /// <summary>Encodes the value, or answers false so that the next converter is asked.</summary>
    bool TryToPayload(object? value, [NotNullWhen(true)] out Payload? payload);

    object? ToValue(Payload payload, Type type);
}
