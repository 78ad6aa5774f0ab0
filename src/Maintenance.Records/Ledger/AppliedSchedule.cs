namespace Maintenance.Records;

/// <summary>
/// What <c>apply</c> last did to a schedule. Earlier versions are kept, so that the ledger knows which spec was in force when.
/// </summary>
public sealed record AppliedSchedule
{
    public string Installation { get; init; } = "default";
    public required string ScheduleId { get; init; }
    public required string Job { get; init; }

    /// <summary>The entry of schedules.json as it was read.</summary>
    public required string SourceJson { get; init; }

    /// <summary>Hash of what decides the due times.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Hash of everything that apply sends to the server.</summary>
    public required string ContentHash { get; init; }
    public string? BundleHash { get; init; }
    public string? GitCommit { get; init; }
    public string? TimeZoneVersion { get; init; }
    public required DateTimeOffset AppliedAt { get; init; }
    public string? AppliedBy { get; init; }

    /// <summary>When the next version or a deletion took its place; null for the one in force.</summary>
    public DateTimeOffset? ReplacedAt { get; init; }
}
