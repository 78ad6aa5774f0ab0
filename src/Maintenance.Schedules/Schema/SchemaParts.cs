using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Maintenance.Schedules;

/// <summary>Small pieces of JSON Schema (draft-07, the one that editors know best).</summary>
public static class SchemaParts
{
    static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A schema as the file that editors read.</summary>
    public static string Written(JsonObject schema) => schema.ToJsonString(_readable) + "\n";

    /// <summary>The schema of a whole file, whose first member may name it.</summary>
    public static JsonObject FileOf(string title, JsonObject members, JsonObject definitions, params string[] required)
    {
        members.Insert(0, "$schema", new JsonObject { ["type"] = "string" });
        return new()
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = title,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = Values(required),
            ["properties"] = members,
            ["definitions"] = definitions,
        };
    }

    /// <summary>The definition that <see cref="Duration"/> refers to.</summary>
    public static JsonObject DurationDefinition() =>
        Text(Durations.Example, "^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "10s", "5m", "26h", "1d12h");

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
