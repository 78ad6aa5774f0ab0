using System.Text.Encodings.Web;
using System.Text.Json;

namespace Maintenance.Records;

/// <summary>JSON columns, and the arrays in which all rows of a table travel in one statement.</summary>
static class StoredJson
{
    static readonly JsonSerializerOptions RowOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly JsonSerializerOptions ValueOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The text as it is when it is JSON, else as a JSON string: a malformed input must not keep a run out of the record.
    /// </summary>
    public static string Text(string json)
    {
        var clean = StoredText.Clean(json);
        try
        {
            using var parsed = JsonDocument.Parse(clean);
            return clean;
        }
        catch (JsonException)
        {
            return JsonSerializer.Serialize(clean, ValueOptions);
        }
    }

    public static string Dictionary(IReadOnlyDictionary<string, string> values) =>
        values.Count == 0
            ? "{}"
            : JsonSerializer.Serialize(
                values.ToDictionary(pair => StoredText.Clean(pair.Key), pair => StoredText.Clean(pair.Value)), ValueOptions);

    public static IReadOnlyDictionary<string, string> ToDictionary(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    /// <summary>A list that is read with its row and never searched.</summary>
    public static string List<T>(IReadOnlyList<T> values) => values.Count == 0 ? "[]" : Object(values);

    public static IReadOnlyList<T> ToList<T>(string json) => json == "[]" ? [] : JsonSerializer.Deserialize<List<T>>(json) ?? [];

    public static string Object<T>(T value) => StoredText.Clean(JsonSerializer.Serialize(value));

    public static string Rows<T>(IEnumerable<T> rows) => JsonSerializer.Serialize(rows, RowOptions);
}
