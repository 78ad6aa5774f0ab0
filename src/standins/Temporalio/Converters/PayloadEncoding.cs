using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Names in payload metadata, and payloads made with them.</summary>
static class PayloadEncoding
{
    public const string EncodingKey = "encoding";
    public const string MessageTypeKey = "messageType";

    /// <summary>A payload around <paramref name="data"/>, which is not copied and must not be changed any more.</summary>
    public static Payload Create(ByteString encoding, byte[] data) =>
        new() { Metadata = { { EncodingKey, encoding } }, Data = UnsafeByteOperations.UnsafeWrap(data) };

    /// <summary>A payload that carries a protobuf message and its type's name.</summary>
    public static Payload Create(ByteString encoding, IMessage message, ByteString data) =>
        new()
        {
            Metadata = { { EncodingKey, encoding }, { MessageTypeKey, ByteString.CopyFromUtf8(message.Descriptor.FullName) } },
            Data = data,
        };
}
