using System.Text.Json.Serialization;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// The newest lines of a running script, redacted: the detail of each heartbeat, and so visible on any host to who may ask the server.
/// </summary>
public sealed record LiveLines
{
    public static readonly LiveLines Empty = new();

    [JsonPropertyName("lines")]
    public IReadOnlyList<LiveLine> Lines { get; init; } = [];

    /// <summary>What was written last, also when its line is not complete yet.</summary>
    [JsonPropertyName("last")]
    public string Last { get; init; } = "";
}

/// <summary>One complete line. The number counts from 1; null when lines before it were not counted.</summary>
public sealed record LiveLine
{
    [JsonPropertyName("n")]
    public long? Number { get; init; }

    [JsonPropertyName("t")]
    public required string Text { get; init; }
}
