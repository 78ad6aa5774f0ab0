using System.Data.Common;
using Dapper;

namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    protected const string OccurrenceColumns = """
        installation, schedule_id, due_at, last_due_at, count, status, cause, reason, run_id, started_at, spec_hash,
        time_zone_version, updated_at
        """;

    protected const string OrReplaceOccurrence = """
        on conflict (installation, schedule_id, due_at) do update set
            last_due_at = excluded.last_due_at, count = excluded.count, status = excluded.status, cause = excluded.cause,
            reason = excluded.reason, run_id = excluded.run_id, started_at = excluded.started_at, spec_hash = excluded.spec_hash,
            time_zone_version = excluded.time_zone_version, updated_at = excluded.updated_at
        """;

    const string MoveLedger = """
        insert into ledger (installation, accounted_until, seen_at)
        select @Installation, @until, @seenAt
        where @isNew or exists (select 1 from ledger where installation = @Installation)
        on conflict (installation) do update set accounted_until = excluded.accounted_until, seen_at = excluded.seen_at
        where not @isNew and ledger.accounted_until = @from
        """;

    const string InsertOutage = """
        insert into outage (installation, began_at, ended_at, reason)
        values (@Installation, @beganAt, @endedAt, @Reason)
        on conflict (installation, began_at) do update set ended_at = excluded.ended_at, reason = excluded.reason
        """;

    public async Task<LedgerState?> GetLedgerStateAsync(string installation, CancellationToken cancellationToken)
    {
        const string sql = """
            select accounted_until, seen_at
            from ledger
            where installation = @installation
            """;

        var row = await FirstOrDefaultAsync<LedgerRow>(sql, new { installation }, cancellationToken);
        return row is null ? null : new(row.AccountedUntil, row.SeenAt);
    }

    public Task<bool> WriteLedgerAsync(LedgerWrite write, CancellationToken cancellationToken)
    {
        var ledger = new
        {
            write.Installation, isNew = write.From is null, from = write.From ?? DateTimeOffset.UnixEpoch, until = write.Until,
            seenAt = write.SeenAt,
        };
        return WriteAsync(
            async connection =>
            {
                if (await ExecuteAsync(MoveLedger, ledger) == 0)
                    return false;
                await WriteOccurrencesAsync(connection, write, cancellationToken);
                if (write.Outage is { } outage)
                    await ExecuteAsync(
                        InsertOutage,
                        new { write.Installation, beganAt = outage.BeganAt, endedAt = outage.EndedAt, outage.Reason });
                return true;

                Task<int> ExecuteAsync(string sql, object values) =>
                    connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
            },
            durable: true,
            cancellationToken);
    }

    /// <summary>Deletes the rows that were merged into others and writes the new ones, within the transaction of this connection.</summary>
    protected abstract Task WriteOccurrencesAsync(DbConnection connection, LedgerWrite write, CancellationToken cancellationToken);

    public async Task<IReadOnlyList<Outage>> ListOutagesAsync(
        string installation, DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string sql = """
            select began_at, ended_at, reason
            from outage
            where installation = @installation and ended_at >= @since
            order by began_at
            """;

        var rows = await ListAsync<OutageRow>(sql, new { installation, since }, cancellationToken);
        return
        [
            .. rows.Select(row => new Outage { BeganAt = row.BeganAt, EndedAt = row.EndedAt, Reason = row.Reason }),
        ];
    }

    public async Task<IReadOnlyList<ScheduledRun>> ListScheduledRunsAsync(
        string installation, DateTimeOffset since, IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        var sql = $"""
            select run_id, workflow_id, schedule_id, due_at, cause, status, reason, started_at, finished_at
            from run
            where installation = @installation and schedule_id is not null and started_at >= @since
            union
            select run_id, workflow_id, schedule_id, due_at, cause, status, reason, started_at, finished_at
            from run
            where run_id {IsIn("@runIds")} and schedule_id is not null
            order by 8
            """;

        var values = new { installation, since, runIds = Set(runIds) };
        var rows = await ListAsync<ScheduledRunRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToScheduledRun())];
    }

    public async Task<IReadOnlyList<OccurrenceRecord>> ListOccurrencesAsync(OccurrenceQuery query, CancellationToken cancellationToken)
    {
        var sql = $"""
            select {OccurrenceColumns}
            from occurrence
            where installation = @Installation
                {(query.ScheduleId is null ? "" : "and schedule_id = @ScheduleId")}
                {(query.Status is null ? "" : "and status = @status")}
                {(query.Open ? "and status in ('due', 'running')" : "")}
                {(query.From is null ? "" : "and last_due_at >= @from")}
                {(query.Until is null ? "" : "and due_at < @until")}
            order by {(query.NewestFirst ? "due_at desc, schedule_id desc" : "due_at, schedule_id")}
            limit @Limit
            """;

        var values = new
        {
            query.Installation,
            query.ScheduleId,
            status = query.Status is { } status ? StoredWord<OccurrenceStatus>.Write(status) : null,
            from = query.From,
            until = query.Until,
            query.Limit,
        };
        var rows = await ListAsync<OccurrenceRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToOccurrence())];
    }
}
