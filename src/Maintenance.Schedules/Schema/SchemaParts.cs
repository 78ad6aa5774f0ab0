using System.Text.Json.Nodes;

namespace Maintenance.Schedules;

/// <summary>Small pieces of JSON Schema (draft-07, the one that editors know best).</summary>
public static class SchemaParts
{
    public static JsonObject Text(string description, string? pattern = null, params string[] examples)
    {
        var schema = new JsonObject { ["type"] = "string", ["description"] = description };
        if (pattern is not null)
            schema["pattern"] = pattern;
        if (examples.Length > 0)
            schema["examples"] = Values(examples);
        return schema;
    }

    public static JsonObject Duration(string description, TimeSpan? @default = null)
    {
        var schema = Ref("duration", description);
        if (@default is { } value)
            schema["default"] = Durations.Format(value);
        return schema;
    }

    /// <summary>The members of a C# enum as the file spells them.</summary>
    public static JsonObject Word<T>(string description, T @default) where T : struct, Enum => new()
    {
        ["enum"] = Values(Enum.GetNames<T>().Select(ScheduleReader.Camel)),
        ["default"] = ScheduleReader.Camel(@default.ToString()),
        ["description"] = description,
    };

    /// <summary>A reference with words of its own: beside a bare $ref draft-07 ignores everything.</summary>
    public static JsonObject Ref(string definition, string description) => new()
    {
        ["allOf"] = new JsonArray(Ref(definition)),
        ["description"] = description,
    };

    public static JsonObject Ref(string definition) => new() { ["$ref"] = $"#/definitions/{definition}" };

    public static JsonObject OneOrMany(JsonObject one, string description) => new()
    {
        ["description"] = description,
        ["anyOf"] = new JsonArray(one, new JsonObject { ["type"] = "array", ["items"] = one.DeepClone(), ["minItems"] = 1 }),
    };

    public static JsonObject Object(string description, JsonObject members, params string[] required)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["additionalProperties"] = false,
            ["properties"] = members,
        };
        if (required.Length > 0)
            schema["required"] = Values(required);
        return schema;
    }

    public static JsonArray Values(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)JsonValue.Create(v))];
}
