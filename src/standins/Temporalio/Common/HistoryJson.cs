using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Temporalio.Api.History.V1;

namespace Temporalio.Common;

/// <summary>
/// Reads histories in JSON. Old tools wrote enum values as <c>TimerStarted</c>; protobuf's parser knows only
/// <c>EVENT_TYPE_TIMER_STARTED</c>, so they are renamed first.
/// </summary>
static class HistoryJson
{
    static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static History Parse(string json)
    {
        if (JsonNode.Parse(json) is not JsonObject root)
            throw new ArgumentException("A history is a JSON object with an array 'events'.", nameof(json));

        RenameEnumValues(root, History.Descriptor);
        return Parser.Parse<History>(root.ToJsonString());
    }

    static void RenameEnumValues(JsonObject json, MessageDescriptor message)
    {
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            var name = json.ContainsKey(field.JsonName) ? field.JsonName : field.Name;
            if (json[name] is not { } value)
                continue;

            if (field.FieldType == FieldType.Enum)
                RenameEnumValue(json, name, value, field.EnumType);
            else if (field.FieldType == FieldType.Message && !field.IsMap)
                RenameInMessages(value, field.MessageType);
        }
    }

    static void RenameInMessages(JsonNode value, MessageDescriptor message)
    {
        // Well-known types have JSON forms of their own, without enums.
        if (message.File.Package == "google.protobuf")
            return;

        if (value is JsonObject one)
            RenameEnumValues(one, message);
        else if (value is JsonArray many)
            foreach (var item in many.OfType<JsonObject>())
                RenameEnumValues(item, message);
    }

    static void RenameEnumValue(JsonObject json, string name, JsonNode value, EnumDescriptor type)
    {
        if (value is not JsonValue text || !text.TryGetValue<string>(out var given) || type.FindValueByName(given) is not null)
            return;

        // The shortest: WorkflowExecutionStarted is also the end of EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED.
        var renamed = type.Values
            .Where(candidate => candidate.Name.Replace("_", string.Empty, StringComparison.Ordinal)
                .EndsWith(given, StringComparison.OrdinalIgnoreCase))
            .MinBy(candidate => candidate.Name.Length);
        if (renamed is not null)
            json[name] = renamed.Name;
    }
}
