using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Maintenance.Jobs.Resources;

/// <summary>The texts of a resource: its declaration as one text to compare, and inputs with facts put in.</summary>
static partial class ResourceJson
{
    public static string Of(ResourceDefinition definition) => JsonSerializer.Serialize(definition);

    /// <summary>Facts take the place of their references inside texts; nothing else of the input changes.</summary>
    /// <param name="missing">A fact that the input needs and nobody has found out yet; null when all are known.</param>
    public static JsonElement Input(string inputJson, IReadOnlyDictionary<string, string> facts, out string? missing)
    {
        string? unknown = null;
        var resolved = Resolve(JsonNode.Parse(inputJson));
        missing = unknown;
        return JsonSerializer.SerializeToElement(resolved);

        JsonNode? Resolve(JsonNode? node) => node switch
        {
            JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Resolve(m.Value)))),
            JsonArray items => new JsonArray([.. items.Select(Resolve)]),
            JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Reference().Replace(text, Fact)),
            _ => node?.DeepClone(),
        };

        string Fact(Match reference)
        {
            if (facts.TryGetValue(reference.Groups[1].Value, out var value))
                return value;
            unknown ??= reference.Groups[1].Value;
            return "";
        }
    }

    [GeneratedRegex(@"\$\{facts\.([A-Za-z][A-Za-z0-9_-]*)\}")]
    private static partial Regex Reference();
}
