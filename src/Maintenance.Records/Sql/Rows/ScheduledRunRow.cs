namespace Maintenance.Records;

sealed record ScheduledRunRow
{
    public required string RunId { get; init; }
    public required string WorkflowId { get; init; }
    public required string ScheduleId { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public required string Cause { get; init; }
    public required string Status { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    public ScheduledRun ToScheduledRun() => new()
    {
        RunId = RunId,
        WorkflowId = WorkflowId,
        ScheduleId = ScheduleId,
        DueAt = DueAt,
        Cause = StoredWord<RunCause>.Read(Cause),
        Status = StoredWord<RunStatus>.Read(Status),
        Reason = Reason,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
    };
}
