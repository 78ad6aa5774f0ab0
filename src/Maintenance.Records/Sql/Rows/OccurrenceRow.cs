namespace Maintenance.Records;

sealed record OccurrenceRow
{
    public required string Installation { get; init; }
    public required string ScheduleId { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public DateTimeOffset LastDueAt { get; init; }
    public int Count { get; init; }
    public required string Status { get; init; }
    public string? Cause { get; init; }
    public string? Reason { get; init; }
    public string? RunId { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public string? SpecHash { get; init; }
    public string? TimeZoneVersion { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    public static OccurrenceRow Of(OccurrenceRecord occurrence) => new()
    {
        Installation = occurrence.Installation,
        ScheduleId = occurrence.ScheduleId,
        DueAt = StoredTime.Of(occurrence.DueAt),
        LastDueAt = StoredTime.Of(occurrence.LastDueAt ?? occurrence.DueAt),
        Count = occurrence.Count,
        Status = StoredWord<OccurrenceStatus>.Write(occurrence.Status),
        Cause = occurrence.Cause,
        Reason = StoredText.CleanOrNull(occurrence.Reason),
        RunId = occurrence.RunId,
        StartedAt = StoredTime.Of(occurrence.StartedAt),
        SpecHash = occurrence.SpecHash,
        TimeZoneVersion = occurrence.TimeZoneVersion,
        UpdatedAt = StoredTime.Of(occurrence.UpdatedAt),
    };

    public OccurrenceRecord ToOccurrence() => new()
    {
        Installation = Installation,
        ScheduleId = ScheduleId,
        DueAt = DueAt,
        LastDueAt = LastDueAt,
        Count = Count,
        Status = StoredWord<OccurrenceStatus>.Read(Status),
        Cause = Cause,
        Reason = Reason,
        RunId = RunId,
        StartedAt = StartedAt,
        SpecHash = SpecHash,
        TimeZoneVersion = TimeZoneVersion,
        UpdatedAt = UpdatedAt,
    };
}
