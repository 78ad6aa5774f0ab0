using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary><c>binary/plain</c>: a <c>byte[]</c> as it is.</summary>
public class BinaryPlainConverter : IEncodingConverter
{
    static readonly ByteString EncodingName = ByteString.CopyFromUtf8("binary/plain");

    public string Encoding => "binary/plain";

    public bool TryToPayload(object? value, [NotNullWhen(true)] out Payload? payload)
    {
        // Copied: the caller owns its array and may write to it before the payload is sent.
        payload = value is byte[] bytes ? PayloadEncoding.Create(EncodingName, [.. bytes]) : null;
        return payload is not null;
    }

    public object? ToValue(Payload payload, Type type)
    {
        if (!type.IsAssignableFrom(typeof(byte[])))
            throw new ArgumentException($"The payload is bytes and cannot be read as {type}; take byte[].", nameof(type));

        return payload.Data.ToByteArray();
    }
}
