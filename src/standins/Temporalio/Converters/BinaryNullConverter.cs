using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary><c>binary/null</c>: null, as no data at all.</summary>
public class BinaryNullConverter : IEncodingConverter
{
    static readonly ByteString EncodingName = ByteString.CopyFromUtf8("binary/null");

    public string Encoding => "binary/null";

    public bool TryToPayload(object? value, [NotNullWhen(true)] out Payload? payload)
    {
        payload = value is null ? new Payload { Metadata = { { PayloadEncoding.EncodingKey, EncodingName } } } : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type)
    {
        if (type.IsValueType && Nullable.GetUnderlyingType(type) is null)
        {
            throw new ArgumentException(
                $"The payload is null, and {type} cannot be null. Take {type.Name}? instead, or send a value.", nameof(payload));
        }

        return null;
    }
}
