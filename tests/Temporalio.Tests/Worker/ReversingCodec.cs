using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Tests.Worker;

/// <summary>Stands for encryption: turns the bytes around and refuses what it did not make.</summary>
sealed class ReversingCodec : IPayloadCodec
{
    static readonly ByteString Encoding = ByteString.CopyFromUtf8("test/reversed");

    public Task<IReadOnlyCollection<Payload>> EncodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(payload => new Payload
        {
            Metadata = { ["encoding"] = Encoding },
            Data = ByteString.CopyFrom([.. payload.ToByteArray().Reverse()]),
        })]);

    public Task<IReadOnlyCollection<Payload>> DecodeAsync(IReadOnlyCollection<Payload> payloads) =>
        Task.FromResult<IReadOnlyCollection<Payload>>([.. payloads.Select(payload => payload.Metadata["encoding"].Equals(Encoding)
            ? Payload.Parser.ParseFrom([.. payload.Data.ToByteArray().Reverse()])
            : throw new InvalidOperationException("not encoded"))]);
}
