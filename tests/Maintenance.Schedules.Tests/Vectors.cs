using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Maintenance.Schedules.Tests;

/// <summary>The recorded data in tests/vectors: what the real programs did.</summary>
static class Vectors
{
    public static IReadOnlyList<JsonElement> Cases(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), file)));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => c.Clone())];
    }

    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString()!;

    public static IReadOnlyList<long> Instants(this JsonElement row, string name) =>
        [.. row.GetProperty(name).EnumerateArray().Select(t => Instant(t.GetString()!))];

    public static long Instant(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();

    /// <summary>Seconds on a local clock.</summary>
    public static long Local(string time) => (long)(DateTime.Parse(time, CultureInfo.InvariantCulture) - DateTime.UnixEpoch).TotalSeconds;

    public static string Show(IEnumerable<long> instants) =>
        string.Join(" ", instants.Select(i => DateTimeOffset.FromUnixTimeSeconds(i).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)));

    /// <summary>One message with every row that differs, so that a pattern can be seen.</summary>
    public static void AssertNone(IReadOnlyCollection<string> differences, int rows) =>
        Assert.True(differences.Count == 0 && rows > 0, $"{differences.Count} of {rows} rows differ:\n{string.Join("\n", differences.Take(20))}");

    static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "vectors");
}
