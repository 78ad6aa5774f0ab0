using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary><c>binary/protobuf</c>: a protobuf message in its wire form.</summary>
public class BinaryProtoConverter : IEncodingConverter
{
    static readonly ByteString EncodingName = ByteString.CopyFromUtf8("binary/protobuf");

    public string Encoding => "binary/protobuf";

    public bool TryToPayload(object? value, [NotNullWhen(true)] out Payload? payload)
    {
        payload = value is IMessage message
            ? PayloadEncoding.Create(EncodingName, message, message.ToByteString())
            : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type) =>
        ProtoTypes.DescriptorOf(type).Parser.ParseFrom(payload.Data);
}
