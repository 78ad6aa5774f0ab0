using System.Text.Json.Serialization;

namespace Maintenance.Records;

/// <summary>Somebody did something to a run on its way: paused it, let it go on, skipped a step, answered a question.</summary>
public sealed record RunAction
{
    [JsonPropertyName("at")]
    public required DateTimeOffset At { get; init; }

    /// <summary>pause, resume, skip, cancel, retry, approve or reject; with " refused" behind it when it was not followed.</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    [JsonPropertyName("by")]
    public required string By { get; init; }

    /// <summary>True when something proved <see cref="By"/>.</summary>
    [JsonPropertyName("verified")]
    public bool Verified { get; init; }

    [JsonPropertyName("step")]
    public string? Step { get; init; }

    /// <summary>Hash of what was approved or rejected; null for everything else.</summary>
    [JsonPropertyName("evidence")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Evidence { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}
