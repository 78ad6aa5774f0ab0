using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Temporal.Engine.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>Which search attributes a namespace knows, and what may stand in them.</summary>
static class SearchAttributeRules
{
    /// <summary>Those that exist everywhere and may be set by workflows.</summary>
    public static readonly IReadOnlyDictionary<string, IndexedValueType> Predefined = new Dictionary<string, IndexedValueType>
    {
        ["BatcherNamespace"] = IndexedValueType.Keyword,
        ["BatcherUser"] = IndexedValueType.Keyword,
        ["BinaryChecksums"] = IndexedValueType.KeywordList,
        ["BuildIds"] = IndexedValueType.KeywordList,
        ["TemporalChangeVersion"] = IndexedValueType.KeywordList,
        ["TemporalNamespaceDivision"] = IndexedValueType.Keyword,
        ["TemporalPauseInfo"] = IndexedValueType.KeywordList,
        ["TemporalReportedProblems"] = IndexedValueType.KeywordList,
        ["TemporalScheduledById"] = IndexedValueType.Keyword,
        ["TemporalScheduledStartTime"] = IndexedValueType.Datetime,
        ["TemporalSchedulePaused"] = IndexedValueType.Bool,
        ["TemporalWorkerDeployment"] = IndexedValueType.Keyword,
        ["TemporalWorkerDeploymentVersion"] = IndexedValueType.Keyword,
        ["TemporalWorkflowVersioningBehavior"] = IndexedValueType.Keyword,
    };

    public static IndexedValueType? TypeOf(NamespaceEntry ns, string name) =>
        ns.SearchAttributes.TryGetValue(name, out var custom) ? custom : Predefined.TryGetValue(name, out var type) ? type : null;

    /// <summary>What is wrong with these attributes, or null.</summary>
    public static string? Problem(NamespaceEntry ns, SearchAttributes attributes)
    {
        if (attributes.IndexedFields.Count > HistoryLimits.SearchAttributeKeys)
            return $"number of search attributes {attributes.IndexedFields.Count} exceeds limit {HistoryLimits.SearchAttributeKeys}";
        foreach (var (name, value) in attributes.IndexedFields)
        {
            if (!Predefined.ContainsKey(name) && SystemSearchAttributes.Types.ContainsKey(name))
                return $"{name} attribute can't be set in SearchAttributes";
            if (TypeOf(ns, name) is not { } type)
                return $"Namespace {ns.Name} has no mapping defined for search attribute {name}";
            if (!Fits(type, value))
                return $"invalid value for search attribute {name} of type {type}: {Shown(value)}";
        }

        return null;
    }

    /// <summary>
    /// What is too large in these attributes, or null. In a workflow's command it ends the workflow: a repetition would be as large.
    /// </summary>
    public static string? SizeProblem(SearchAttributes attributes)
    {
        foreach (var (name, value) in attributes.IndexedFields)
        {
            if (value.Data.Length > HistoryLimits.SearchAttributeBytes)
                return $"search attribute {name} value size {value.Data.Length} exceeds size limit {HistoryLimits.SearchAttributeBytes}";
        }

        return attributes.CalculateSize() > HistoryLimits.SearchAttributesTotalBytes
            ? $"total size of search attributes {attributes.CalculateSize()} exceeds size limit {HistoryLimits.SearchAttributesTotalBytes}"
            : null;
    }

    static string Shown(Payload payload)
    {
        var isJson = payload.Metadata.TryGetValue("encoding", out var encoding)
            && encoding.ToStringUtf8().StartsWith("json/", StringComparison.Ordinal);
        return isJson ? GoValueText.Of(Parse(payload)) : GoValueText.Of(payload.Data.Span);
    }

    static bool Fits(IndexedValueType type, Payload payload)
    {
        if (PayloadValues.IsNull(payload))
            return true;
        var node = Parse(payload);
        if (node is JsonArray list)
            return type is IndexedValueType.KeywordList
                ? list.All(one => Is(IndexedValueType.Keyword, one))
                : list.Count == 1 && Is(type, list[0]);
        return type is not IndexedValueType.KeywordList && Is(type, node);
    }

    static bool Is(IndexedValueType type, JsonNode? node) => type switch
    {
        IndexedValueType.Int => node is JsonValue value && value.TryGetValue<long>(out _),
        IndexedValueType.Double => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number,
        IndexedValueType.Bool => node is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        IndexedValueType.Datetime =>
            node is JsonValue value && value.TryGetValue<string>(out var text) && QueryValues.TryReadTime(text, out _),
        _ => node is JsonValue value && value.GetValueKind() == JsonValueKind.String,
    };

    static JsonNode? Parse(Payload payload)
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

    /// <summary>The attributes with their types in the payloads' metadata, as the server stores them.</summary>
    public static SearchAttributes? Typed(NamespaceEntry ns, SearchAttributes? attributes)
    {
        if (attributes is null || attributes.IndexedFields.Count == 0)
            return attributes;
        var typed = new SearchAttributes();
        foreach (var (name, value) in attributes.IndexedFields)
        {
            var copy = value.Clone();
            if (TypeOf(ns, name) is { } type)
                copy.Metadata["type"] = ByteString.CopyFromUtf8(type.ToString());
            typed.IndexedFields[name] = copy;
        }

        return typed;
    }

    /// <summary>One JSON object by name, for queries: a list of one value is that value, times are UTC in a form that sorts.</summary>
    public static string ToJson(SearchAttributes attributes)
    {
        var all = new JsonObject();
        foreach (var (name, payload) in attributes.IndexedFields)
        {
            var type = payload.Metadata.TryGetValue("type", out var text) ? text.ToStringUtf8() : "";
            var node = Parse(payload);
            if (type == nameof(IndexedValueType.KeywordList))
                node = node as JsonArray ?? new JsonArray(node);
            else if (node is JsonArray { Count: 1 } list)
                node = list[0]?.DeepClone();
            if (type == nameof(IndexedValueType.Datetime) && node is JsonValue value && value.TryGetValue<string>(out var time)
                && DateTimeOffset.TryParse(time, out var parsed))
                node = parsed.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ");
            all[name] = node;
        }

        return all.ToJsonString();
    }
}
