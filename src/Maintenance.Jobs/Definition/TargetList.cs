using System.Text.Encodings.Web;
using System.Text.Json;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// A list as one text: a JSON array, else lines, else words between blanks or commas, as a shell script would write them.
/// </summary>
public static class TargetList
{
    static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly char[] _between = [' ', '\t', ',', '\r'];

    public static IReadOnlyList<string> Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith('[') && FromJson(trimmed) is { } items)
            return items;
        var lines = trimmed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 ? lines : trimmed.Split(_between, StringSplitOptions.RemoveEmptyEntries);
    }

    public static string ToText(IReadOnlyList<string> items) => JsonSerializer.Serialize(items, _plain);

    static IReadOnlyList<string>? FromJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [
                .. document.RootElement.EnumerateArray()
                    .Select(e => e.ValueKind == JsonValueKind.String ? e.GetString() ?? "" : e.GetRawText()),
            ];
        }
        catch (JsonException)
        {
            // It only looked like JSON: words it is.
            return null;
        }
    }
}
