using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporal.Engine;

/// <summary>What the engine itself reads and writes in payloads.</summary>
static class PayloadValues
{
    static readonly ByteString JsonPlain = ByteString.CopyFromUtf8("json/plain");
    static readonly ByteString Null = ByteString.CopyFromUtf8("null");
    static readonly ByteString EmptyList = ByteString.CopyFromUtf8("[]");

    public static string Encoding(Payload payload) =>
        payload.Metadata.TryGetValue("encoding", out var encoding) ? encoding.ToStringUtf8() : "";

    /// <summary>Whether this value takes a memo field or search attribute away: absent, null, or an empty list.</summary>
    public static bool IsNull(Payload payload) =>
        payload.Data.IsEmpty && Encoding(payload) is "" or "binary/null" ||
        (Encoding(payload) == "json/plain" && (payload.Data == Null || payload.Data == EmptyList)) ||
        (payload.Data.IsEmpty && Encoding(payload) == "binary/null");

    public static Payload Json(object value) => new()
    {
        Metadata = { ["encoding"] = JsonPlain },
        Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(value)),
    };

    public static Payloads JsonList(object value) => new() { Payloads_ = { Json(value) } };
}
