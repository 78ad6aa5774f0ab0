namespace Maintenance.Records;

sealed record HoldRow
{
    public required string HoldId { get; init; }
    public required string Installation { get; init; }
    public required string ScheduleId { get; init; }
    public required string Kind { get; init; }
    public required string Who { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? Until { get; init; }
    public int Count { get; init; }
    public string? WorkflowId { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public string? EndedBy { get; init; }

    public static HoldRow Of(ScheduleHold hold) => new()
    {
        HoldId = hold.Id,
        Installation = hold.Installation,
        ScheduleId = hold.ScheduleId,
        Kind = StoredWord<HoldKind>.Write(hold.Kind),
        Who = StoredText.Clean(hold.Who),
        Reason = StoredText.CleanOrNull(hold.Reason),
        CreatedAt = StoredTime.Of(hold.CreatedAt),
        Until = StoredTime.Of(hold.Until),
        Count = hold.Count,
        WorkflowId = hold.WorkflowId,
        EndedAt = StoredTime.Of(hold.EndedAt),
        EndedBy = StoredText.CleanOrNull(hold.EndedBy),
    };

    public ScheduleHold ToHold() => new()
    {
        Id = HoldId,
        Installation = Installation,
        ScheduleId = ScheduleId,
        Kind = StoredWord<HoldKind>.Read(Kind),
        Who = Who,
        Reason = Reason,
        CreatedAt = CreatedAt,
        Until = Until,
        Count = Count,
        WorkflowId = WorkflowId,
        EndedAt = EndedAt,
        EndedBy = EndedBy,
    };
}
