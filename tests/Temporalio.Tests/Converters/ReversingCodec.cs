using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Tests.Converters;

/// <summary>Turns the bytes of each payload around.</summary>
sealed class ReversingCodec : IPayloadCodec
{
    public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(Reversed)]);

    public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) => EncodeAsync(payloads);

    static Payload Reversed(Payload payload)
    {
        var copy = payload.Clone();
        copy.Data = ByteString.CopyFrom([.. payload.Data.Reverse()]);
        return copy;
    }
}
