using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary><c>json/protobuf</c>: a protobuf message in protobuf's JSON form.</summary>
public class JsonProtoConverter : IEncodingConverter
{
    static readonly ByteString EncodingName = ByteString.CopyFromUtf8("json/protobuf");

    public JsonProtoConverter()
        : this(JsonFormatter.Default, JsonParser.Default)
    {
    }

    public JsonProtoConverter(JsonFormatter formatter, JsonParser parser)
    {
        Formatter = formatter;
        Parser = parser;
    }

    public string Encoding => "json/protobuf";

    protected JsonFormatter Formatter { get; }

    protected JsonParser Parser { get; }

    public bool TryToPayload(object? value, [NotNullWhen(true)] out Payload? payload)
    {
        payload = value is IMessage message
            ? PayloadEncoding.Create(EncodingName, message, ByteString.CopyFromUtf8(Formatter.Format(message)))
            : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type) =>
        Parser.Parse(payload.Data.ToString(System.Text.Encoding.UTF8), ProtoTypes.DescriptorOf(type));
}
