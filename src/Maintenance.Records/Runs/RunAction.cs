using System.Text.Json.Serialization;

namespace Maintenance.Records;

/// <summary>Somebody did something to a run on its way: paused it, let it go on, skipped a step.</summary>
public sealed record RunAction
{
    [JsonPropertyName("at")]
    public required DateTimeOffset At { get; init; }

    /// <summary>pause, resume, skip, cancel or retry; with " refused" behind it when it made no sense.</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    [JsonPropertyName("by")]
    public required string By { get; init; }

    /// <summary>True when something proved <see cref="By"/>.</summary>
    [JsonPropertyName("verified")]
    public bool Verified { get; init; }

    [JsonPropertyName("step")]
    public string? Step { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}
