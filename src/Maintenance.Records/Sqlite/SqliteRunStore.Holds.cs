namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    public Task PutHoldAsync(ScheduleHold hold, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into schedule_hold (
                hold_id, installation, schedule_id, kind, who, reason, created_at, until, count, workflow_id, ended_at, ended_by)
            values (
                @HoldId, @Installation, @ScheduleId, @Kind, @Who, @Reason, @CreatedAt, @Until, @Count, @WorkflowId, @EndedAt, @EndedBy)
            on conflict (hold_id) do update set ended_at = excluded.ended_at, ended_by = excluded.ended_by
            """;

        return ExecuteAsync(sql, HoldRow.Of(hold), cancellationToken);
    }

    public async Task<IReadOnlyList<ScheduleHold>> ListHoldsAsync(HoldQuery query, CancellationToken cancellationToken)
    {
        var sql = $"""
            select hold_id, installation, schedule_id, kind, who, reason, created_at, until, count, workflow_id, ended_at, ended_by
            from schedule_hold
            where installation = @Installation
                and {(query.EndedSince is null ? "ended_at is null" : "(ended_at is null or ended_at >= @endedSince)")}
                {(query.ScheduleId is null ? "" : "and schedule_id = @ScheduleId")}
            order by created_at, hold_id
            """;

        var values = new { query.Installation, query.ScheduleId, endedSince = StoredTime.ToMicroseconds(query.EndedSince) };
        var rows = await ListAsync<HoldRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToHold())];
    }

    sealed record HoldRow
    {
        public required string HoldId { get; init; }
        public required string Installation { get; init; }
        public required string ScheduleId { get; init; }
        public required string Kind { get; init; }
        public required string Who { get; init; }
        public string? Reason { get; init; }
        public long CreatedAt { get; init; }
        public long? Until { get; init; }
        public int Count { get; init; }
        public string? WorkflowId { get; init; }
        public long? EndedAt { get; init; }
        public string? EndedBy { get; init; }

        public static HoldRow Of(ScheduleHold hold) => new()
        {
            HoldId = hold.Id,
            Installation = hold.Installation,
            ScheduleId = hold.ScheduleId,
            Kind = StoredWord<HoldKind>.Write(hold.Kind),
            Who = StoredText.Clean(hold.Who),
            Reason = StoredText.CleanOrNull(hold.Reason),
            CreatedAt = StoredTime.ToMicroseconds(hold.CreatedAt),
            Until = StoredTime.ToMicroseconds(hold.Until),
            Count = hold.Count,
            WorkflowId = hold.WorkflowId,
            EndedAt = StoredTime.ToMicroseconds(hold.EndedAt),
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
            CreatedAt = StoredTime.FromMicroseconds(CreatedAt),
            Until = StoredTime.FromMicroseconds(Until),
            Count = Count,
            WorkflowId = WorkflowId,
            EndedAt = StoredTime.FromMicroseconds(EndedAt),
            EndedBy = EndedBy,
        };
    }
}
