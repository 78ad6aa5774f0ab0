using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Maintenance.Host.Cli;

/// <summary>Where a command writes: results to one stream, words about them to the other.</summary>
sealed class Terminal(TextWriter output, TextWriter errors)
{
    /// <summary>How results are written for machines.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Terminal Console { get; } = new(System.Console.Out, System.Console.Error);

    /// <summary>A line of the result.</summary>
    public void Result(string line) => output.WriteLine(line);

    /// <summary>The result for machines.</summary>
    public void ResultJson(object value) => output.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>A line for the person who looks on.</summary>
    public void Say(string line) => errors.WriteLine(line);

    /// <summary>Rows in columns as wide as they need to be; the last column is left ragged.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = new List<IReadOnlyList<string>> { header };
        all.AddRange(rows);
        var widths = Enumerable.Range(0, header.Count).Select(column => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            output.WriteLine(
                string.Join("  ", row.Select((cell, column) => column == row.Count - 1 ? cell : cell.PadRight(widths[column]))).TrimEnd());
    }
}
