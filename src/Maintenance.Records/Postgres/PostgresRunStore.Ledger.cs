using Dapper;

namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    const string UpsertOccurrences = """
            insert into occurrence (
                installation, schedule_id, due_at, last_due_at, count, status, cause, reason, run_id, started_at, spec_hash,
                time_zone_version, updated_at)
            select
                installation, schedule_id, due_at, last_due_at, count, status, cause, reason, run_id, started_at, spec_hash,
                time_zone_version, updated_at
            from json_to_recordset(@occurrences::json) as row (
                installation text, schedule_id text, due_at timestamptz, last_due_at timestamptz, count integer, status text, cause text,
                reason text, run_id text, started_at timestamptz, spec_hash text, time_zone_version text, updated_at timestamptz)
            on conflict (installation, schedule_id, due_at) do update set
                last_due_at = excluded.last_due_at, count = excluded.count, status = excluded.status, cause = excluded.cause,
                reason = excluded.reason, run_id = excluded.run_id, started_at = excluded.started_at, spec_hash = excluded.spec_hash,
                time_zone_version = excluded.time_zone_version, updated_at = excluded.updated_at
            """;

    public async Task<LedgerState?> GetLedgerStateAsync(string installation, CancellationToken cancellationToken)
    {
        const string sql = """
            select accounted_until, seen_at
            from ledger
            where installation = @installation
            """;

        var row = await FirstOrDefaultAsync<LedgerRow>(sql, new { installation }, cancellationToken);
        return row is null ? null : new(StoredTime.FromUtc(row.AccountedUntil), StoredTime.FromUtc(row.SeenAt));
    }

    public Task<bool> WriteLedgerAsync(LedgerWrite write, CancellationToken cancellationToken)
    {
        const string delete = """
            delete from occurrence
            using json_to_recordset(@merged::json) as gone (schedule_id text, due_at timestamptz)
            where occurrence.installation = @Installation
                and occurrence.schedule_id = gone.schedule_id and occurrence.due_at = gone.due_at
            """;

        var merged = write.Merged.Select(key => new { key.ScheduleId, DueAt = StoredTime.ToUtc(key.DueAt) });
        return _database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                if (await ExecuteAsync(MoveLedger, LedgerValues(write)) == 0)
                    return false;
                await ExecuteAsync(delete, new { write.Installation, merged = StoredJson.Rows(merged) });
                await ExecuteAsync(UpsertOccurrences, new { occurrences = StoredJson.Rows(write.Rows.Select(OccurrenceRow.Of)) });
                if (write.Outage is { } outage)
                    await ExecuteAsync(InsertOutage, OutageValues(write.Installation, outage));
                await transaction.CommitAsync(cancellationToken);
                return true;

                Task<int> ExecuteAsync(string sql, object values) =>
                    connection.ExecuteAsync(new CommandDefinition(sql, values, transaction, cancellationToken: cancellationToken));
            },
            cancellationToken);
    }

    public async Task<IReadOnlyList<Outage>> ListOutagesAsync(
        string installation, DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string sql = """
            select began_at, ended_at, reason
            from outage
            where installation = @installation and ended_at >= @since
            order by began_at
            """;

        var rows = await ListAsync<OutageRow>(sql, new { installation, since = StoredTime.ToUtc(since) }, cancellationToken);
        return
        [
            .. rows.Select(row => new Outage
            {
                BeganAt = StoredTime.FromUtc(row.BeganAt), EndedAt = StoredTime.FromUtc(row.EndedAt), Reason = row.Reason,
            }),
        ];
    }

    public async Task<IReadOnlyList<ScheduledRun>> ListScheduledRunsAsync(
        string installation, DateTimeOffset since, IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        const string sql = """
            select run_id, workflow_id, schedule_id, due_at, cause, status, reason, started_at, finished_at
            from run
            where installation = @installation and schedule_id is not null and started_at >= @since
            union
            select run_id, workflow_id, schedule_id, due_at, cause, status, reason, started_at, finished_at
            from run
            where run_id = any(@runIds) and schedule_id is not null
            order by 8
            """;

        var values = new { installation, since = StoredTime.ToUtc(since), runIds = runIds.ToArray() };
        var rows = await ListAsync<ScheduledRunRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToScheduledRun())];
    }

    public async Task<IReadOnlyList<OccurrenceRecord>> ListOccurrencesAsync(OccurrenceQuery query, CancellationToken cancellationToken)
    {
        var sql = $"""
            select
                installation, schedule_id, due_at, last_due_at, count, status, cause, reason, run_id, started_at, spec_hash,
                time_zone_version, updated_at
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
            from = StoredTime.ToUtc(query.From),
            until = StoredTime.ToUtc(query.Until),
            query.Limit,
        };
        var rows = await ListAsync<OccurrenceRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToOccurrence())];
    }

    sealed record OccurrenceRow
    {
        public required string Installation { get; init; }
        public required string ScheduleId { get; init; }
        public DateTime DueAt { get; init; }
        public DateTime LastDueAt { get; init; }
        public int Count { get; init; }
        public required string Status { get; init; }
        public string? Cause { get; init; }
        public string? Reason { get; init; }
        public string? RunId { get; init; }
        public DateTime? StartedAt { get; init; }
        public string? SpecHash { get; init; }
        public string? TimeZoneVersion { get; init; }
        public DateTime UpdatedAt { get; init; }

        public static OccurrenceRow Of(OccurrenceRecord occurrence) => new()
        {
            Installation = occurrence.Installation,
            ScheduleId = occurrence.ScheduleId,
            DueAt = StoredTime.ToUtc(occurrence.DueAt),
            LastDueAt = StoredTime.ToUtc(occurrence.LastDueAt ?? occurrence.DueAt),
            Count = occurrence.Count,
            Status = StoredWord<OccurrenceStatus>.Write(occurrence.Status),
            Cause = occurrence.Cause,
            Reason = StoredText.CleanOrNull(occurrence.Reason),
            RunId = occurrence.RunId,
            StartedAt = StoredTime.ToUtc(occurrence.StartedAt),
            SpecHash = occurrence.SpecHash,
            TimeZoneVersion = occurrence.TimeZoneVersion,
            UpdatedAt = StoredTime.ToUtc(occurrence.UpdatedAt),
        };

        public OccurrenceRecord ToOccurrence() => new()
        {
            Installation = Installation,
            ScheduleId = ScheduleId,
            DueAt = StoredTime.FromUtc(DueAt),
            LastDueAt = StoredTime.FromUtc(LastDueAt),
            Count = Count,
            Status = StoredWord<OccurrenceStatus>.Read(Status),
            Cause = Cause,
            Reason = Reason,
            RunId = RunId,
            StartedAt = StoredTime.FromUtc(StartedAt),
            SpecHash = SpecHash,
            TimeZoneVersion = TimeZoneVersion,
            UpdatedAt = StoredTime.FromUtc(UpdatedAt),
        };
    }
}
