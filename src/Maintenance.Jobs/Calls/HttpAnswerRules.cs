using System.Globalization;
using System.Text.Json;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Calls;

/// <summary>What is wrong with an answer, if anything is.</summary>
static class HttpAnswerRules
{
    /// <summary>Completes "GET … answered 200": ", expected 2xx". Null when everything is as expected.</summary>
    public static string? Violation(HttpExpectation expect, HttpResponseMessage answer, string body, Lazy<JsonElement?> json)
    {
        var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!expect.Status.Any(s => s == status || (s.EndsWith("xx", StringComparison.Ordinal) && s[0] == status[0])))
            return $", expected {string.Join(" or ", expect.Status)}";
        foreach (var (name, wanted) in expect.Headers)
        {
            if (Header(answer, name) != wanted)
                return $" with the header {name}: {Header(answer, name) ?? "(none)"}, expected {wanted}";
        }

        if (expect.Contains.FirstOrDefault(c => !body.Contains(c, StringComparison.Ordinal)) is { } missing)
            return $" without the text '{missing}'";
        foreach (var (pointer, wanted) in expect.Json)
        {
            if (json.Value is not { } root)
                return " with a text that is no JSON";
            var found = JsonPointer.Find(root, pointer) is { } value ? JsonPointer.Text(value) : null;
            if (found != wanted)
                return $" with {found ?? "nothing"} at {pointer}, expected {wanted}";
        }

        return null;
    }

    static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) || answer.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;
}

/// <summary>RFC 6901: "/items/0/name"; the empty text is the whole.</summary>
static class JsonPointer
{
    public static JsonElement? Find(JsonElement root, string pointer)
    {
        var at = root;
        foreach (var raw in pointer.Split('/').Skip(1))
        {
            var part = raw.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(part, out var member))
                at = member;
            else if (at.ValueKind == JsonValueKind.Array
                && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && index < at.GetArrayLength())
                at = at[index];
            else
                return null;
        }

        return at;
    }

    /// <summary>A text without its quotes, anything else as JSON.</summary>
    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
