using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>
/// Changes the bytes of payloads after conversion, for example to encrypt them. Never runs inside a workflow. May
/// answer fewer or more payloads than it got, if decoding gives back the same number. Must not change its arguments.
/// </summary>
public interface IPayloadCodec
{
    Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads);

    Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads);
}
