namespace Maintenance.Records;

sealed record AppliedRow
{
    public required string Installation { get; init; }
    public required string ScheduleId { get; init; }
    public DateTimeOffset AppliedAt { get; init; }
    public required string Job { get; init; }
    public required string Source { get; init; }
    public required string SpecHash { get; init; }
    public required string ContentHash { get; init; }
    public string? BundleHash { get; init; }
    public string? GitCommit { get; init; }
    public string? TimeZoneVersion { get; init; }
    public string? AppliedBy { get; init; }
    public DateTimeOffset? ReplacedAt { get; init; }

    public static AppliedRow Of(AppliedSchedule schedule) => new()
    {
        Installation = schedule.Installation,
        ScheduleId = schedule.ScheduleId,
        AppliedAt = StoredTime.Of(schedule.AppliedAt),
        Job = schedule.Job,
        Source = StoredText.Clean(schedule.SourceJson),
        SpecHash = schedule.SpecHash,
        ContentHash = schedule.ContentHash,
        BundleHash = schedule.BundleHash,
        GitCommit = schedule.GitCommit,
        TimeZoneVersion = schedule.TimeZoneVersion,
        AppliedBy = StoredText.CleanOrNull(schedule.AppliedBy),
    };

    public AppliedSchedule ToApplied() => new()
    {
        Installation = Installation,
        ScheduleId = ScheduleId,
        AppliedAt = AppliedAt,
        Job = Job,
        SourceJson = Source,
        SpecHash = SpecHash,
        ContentHash = ContentHash,
        BundleHash = BundleHash,
        GitCommit = GitCommit,
        TimeZoneVersion = TimeZoneVersion,
        AppliedBy = AppliedBy,
        ReplacedAt = ReplacedAt,
    };
}
