using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Visibility;

/// <summary>
/// Search attributes as lists show them: the value itself, whatever way the client wrote it. Many clients wrap every value
/// in a list; histories and descriptions keep that.
/// </summary>
static class ListedAttributes
{
    public static SearchAttributes Of(SearchAttributes stored)
    {
        var listed = new SearchAttributes();
        foreach (var (name, payload) in stored.IndexedFields)
        {
            if (Plain(payload) is { } plain)
                listed.IndexedFields[name] = plain;
        }

        return listed;
    }

    // Null when there is no value.
    static Payload? Plain(Payload payload)
    {
        var type = payload.Metadata.TryGetValue("type", out var text) ? text.ToStringUtf8() : "";
        var isList = payload.Data.Length > 0 && payload.Data[0] == (byte)'[';
        var isTime = type == nameof(IndexedValueType.Datetime);
        if (!isTime && !(isList && type != nameof(IndexedValueType.KeywordList)))
            return payload;
        var value = Read(payload);
        if (value is JsonArray list)
            value = list.Count == 0 ? null : list[0];
        if (value is null)
            return null;
        var plain = payload.Clone();
        plain.Data = ByteString.CopyFromUtf8(isTime ? Time(value) : value.ToJsonString());
        return plain;
    }

    static string Time(JsonNode value) =>
        value is JsonValue text && text.TryGetValue<string>(out var written) && QueryValues.TryReadTime(written, out var time)
            ? $"\"{time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)}Z\""
            : value.ToJsonString();

    static JsonNode? Read(Payload payload)
    {
        try
        {
            return JsonNode.Parse(payload.Data.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
