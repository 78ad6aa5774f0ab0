using System.Text.Json.Serialization;

namespace Maintenance.Records;

/// <summary>A lock that a run wanted: when it asked, when it got it, and its fencing token.</summary>
public sealed record LockRecord
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Null when the whole run wanted it.</summary>
    [JsonPropertyName("step")]
    public string? Step { get; init; }

    /// <summary>How many may hold it at a time; null: any number that share it.</summary>
    [JsonPropertyName("slots")]
    public int? Slots { get; init; }

    /// <summary>Null while an earlier lock of the run is waited for.</summary>
    [JsonPropertyName("askedAt")]
    public DateTimeOffset? AskedAt { get; init; }

    [JsonPropertyName("grantedAt")]
    public DateTimeOffset? GrantedAt { get; init; }

    [JsonPropertyName("releasedAt")]
    public DateTimeOffset? ReleasedAt { get; init; }

    [JsonPropertyName("token")]
    public long? Token { get; init; }

    /// <summary>Who held it when the run asked; null when it was free.</summary>
    [JsonPropertyName("heldBy")]
    public string? HeldBy { get; init; }

    /// <summary>Who took it from the run by force, and why.</summary>
    [JsonPropertyName("lostTo")]
    public string? LostTo { get; init; }

    [JsonIgnore]
    public TimeSpan? Waited => GrantedAt - AskedAt;
}
