using System.Text;
using System.Text.Json.Nodes;

namespace Maintenance.Host.Tests.Documents;

/// <summary>Writes a JSON schema as a page: one table of members for each of its objects, in the schema's own order.</summary>
sealed class SchemaPage
{
    readonly JsonObject _schema;
    readonly StringBuilder _text = new();

    SchemaPage(JsonObject schema) => _schema = schema;

    /// <param name="schema">Text of a schema, draft 7, with <c>definitions</c>.</param>
    /// <param name="name">The file that the schema describes.</param>
    /// <param name="further">Where the page sends its reader for more, as Markdown.</param>
    public static string Write(string schema, string name, string further)
    {
        var page = new SchemaPage(JsonNode.Parse(schema)!.AsObject());
        page.Line($"# {name}");
        page.Line();
        page.Line($"Every member, made from the schema that editors use for completion. What they are good for, with examples: {further}.");
        page.Object(page._schema);
        foreach (var (title, definition) in page._schema["definitions"]!.AsObject())
        {
            page.Line();
            page.Line($"## {title}");
            page.Object(definition!.AsObject());
        }

        return page._text.ToString();
    }

    void Object(JsonObject schema)
    {
        if (Text(schema, "description") is { } description)
            Paragraph(description);
        if (schema["properties"] is not JsonObject members)
        {
            Paragraph(Capitalized(Shape(schema)) + Limits(schema) + ".");
            return;
        }

        var required = (schema["required"] as JsonArray ?? []).Select(name => (string)name!).ToHashSet(StringComparer.Ordinal);
        Line();
        Line("| Member | Value | Meaning | Default |");
        Line("|---|---|---|---|");
        foreach (var (name, member) in members.Where(pair => pair.Key != "$schema"))
            Line($"| {Code(name)}{(required.Contains(name) ? " (required)" : "")} {Cells(member!.AsObject())}");
    }

    string Cells(JsonObject member)
    {
        var meaning = Text(member, "description") ?? (Reference(member) is { } name ? Text(Definition(name), "description") : null) ?? "";
        var example = meaning.Length > 0 && member["examples"] is JsonArray { Count: > 0 } examples ? $" For example {Code(Json(examples[0]!))}." : "";
        return $"| {Cell(Shape(member) + Limits(member))} | {Cell(meaning + example)} | {(member["default"] is { } value ? Code(Json(value)) : "")} |";
    }

    /// <summary>What kind of value it is, in words.</summary>
    string Shape(JsonObject schema)
    {
        if (Reference(schema) is { } name)
            return $"[{name}](#{name.ToLowerInvariant()})";
        if (schema["const"] is { } only)
            return Code(Json(only));
        if (schema["enum"] is JsonArray values)
            return string.Join(", ", values.Select(value => Code(Json(value!))));
        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray choices)
            return string.Join(" or ", choices.Select(choice => Shape(choice!.AsObject())).Distinct());
        var types = schema["type"] is JsonArray several ? several.Select(type => (string)type!).ToArray() : [Text(schema, "type") ?? "any value"];
        return string.Join(" or ", types.Select(type => type switch
        {
            "array" => schema["items"] is JsonObject items ? $"list of {Grouped(Shape(items))}" : "list",
            "object" => ObjectShape(schema),
            _ => type,
        }));
    }

    string ObjectShape(JsonObject schema)
    {
        if (schema["properties"] is JsonObject members)
            return $"object with {string.Join(", ", members.Select(member => $"{Code(member.Key)}: {Shape(member.Value!.AsObject())}"))}";
        return schema["additionalProperties"] is JsonObject values ? $"object, each value {Shape(values)}" : "object";
    }

    static string Grouped(string shape) => shape.Contains(" or ", StringComparison.Ordinal) ? $"({shape})" : shape;

    static string Limits(JsonObject schema)
    {
        var limits = new List<string>();
        if (schema["minimum"] is { } minimum)
            limits.Add($"from {minimum.ToJsonString()}");
        if (schema["maximum"] is { } maximum)
            limits.Add($"to {maximum.ToJsonString()}");
        if (Text(schema, "pattern") is { } pattern)
            limits.Add($"like {Code(pattern)}");
        return limits.Count == 0 ? "" : $", {string.Join(' ', limits)}";
    }

    /// <summary>The definition that a schema is, directly or with a description of its own around it; null for any other.</summary>
    static string? Reference(JsonObject schema)
    {
        var holder = schema["allOf"] is JsonArray { Count: 1 } one ? one[0]!.AsObject() : schema;
        return Text(holder, "$ref") is { } reference ? reference["#/definitions/".Length..] : null;
    }

    JsonObject Definition(string name) => _schema["definitions"]![name]!.AsObject();

    static string? Text(JsonObject schema, string name) => schema[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    static string Json(JsonNode value) => value.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)value! : value.ToJsonString();

    /// <summary>A bar would end the table's cell, in code too.</summary>
    static string Code(string text) => $"`{text}`";

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    void Paragraph(string text)
    {
        Line();
        Line(text);
    }

    void Line(string text = "") => _text.Append(text).Append('\n');
}
