namespace Maintenance.Records;

abstract partial class SqlRunStore
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

        var values = new { query.Installation, query.ScheduleId, endedSince = query.EndedSince };
        var rows = await ListAsync<HoldRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToHold())];
    }
}
