using Dapper;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    const string UpsertOccurrences = """
            insert into occurrence (
                installation, schedule_id, due_at, last_due_at, count, status, cause, reason, run_id, started_at, spec_hash,
                time_zone_version, updated_at)
            values (
                @Installation, @ScheduleId, @DueAt, @LastDueAt, @Count, @Status, @Cause, @Reason, @RunId, @StartedAt, @SpecHash,
                @TimeZoneVersion, @UpdatedAt)
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
        return row is null ? null : new(StoredTime.FromMicroseconds(row.AccountedUntil), StoredTime.FromMicroseconds(row.SeenAt));
    }

    public Task<bool> WriteLedgerAsync(LedgerWrite write, CancellationToken cancellationToken)
    {
        // Differs from Postgres: the batch is the transaction, and rows go one by one.
        const string delete = """
            delete from occurrence
            where installation = @Installation and schedule_id = @ScheduleId and due_at = @dueAt
            """;

        var merged = write.Merged.Select(key => new { write.Installation, key.ScheduleId, dueAt = StoredTime.ToMicroseconds(key.DueAt) });
        return _database.WriteAsync(
            async connection =>
            {
                if (await ExecuteAsync(MoveLedger, LedgerValues(write)) == 0)
                    return false;
                await ExecuteAsync(delete, merged);
                await ExecuteAsync(UpsertOccurrences, write.Rows.Select(OccurrenceRow.Of));
                if (write.Outage is { } outage)
                    await ExecuteAsync(InsertOutage, OutageValues(write.Installation, outage));
                return true;

                Task<int> ExecuteAsync(string sql, object values) =>
                    connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
            },
            durable: true,
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

        var rows = await ListAsync<OutageRow>(sql, new { installation, since = StoredTime.ToMicroseconds(since) }, cancellationToken);
        return
        [
            .. rows.Select(row => new Outage
            {
                BeganAt = StoredTime.FromMicroseconds(row.BeganAt), EndedAt = StoredTime.FromMicroseconds(row.EndedAt), Reason = row.Reason,
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
            where run_id in @runIds and schedule_id is not null
            order by 8
            """;

        var values = new { installation, since = StoredTime.ToMicroseconds(since), runIds };
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
            from = StoredTime.ToMicroseconds(query.From),
            until = StoredTime.ToMicroseconds(query.Until),
            query.Limit,
        };
        var rows = await ListAsync<OccurrenceRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToOccurrence())];
    }

    sealed record OccurrenceRow
    {
        public required string Installation { get; init; }
        public required string ScheduleId { get; init; }
        public long DueAt { get; init; }
        public long LastDueAt { get; init; }
        public int Count { get; init; }
        public required string Status { get; init; }
        public string? Cause { get; init; }
        public string? Reason { get; init; }
        public string? RunId { get; init; }
        public long? StartedAt { get; init; }
        public string? SpecHash { get; init; }
        public string? TimeZoneVersion { get; init; }
        public long UpdatedAt { get; init; }

        public static OccurrenceRow Of(OccurrenceRecord occurrence) => new()
        {
            Installation = occurrence.Installation,
            ScheduleId = occurrence.ScheduleId,
            DueAt = StoredTime.ToMicroseconds(occurrence.DueAt),
            LastDueAt = StoredTime.ToMicroseconds(occurrence.LastDueAt ?? occurrence.DueAt),
            Count = occurrence.Count,
            Status = StoredWord<OccurrenceStatus>.Write(occurrence.Status),
            Cause = occurrence.Cause,
            Reason = StoredText.CleanOrNull(occurrence.Reason),
            RunId = occurrence.RunId,
            StartedAt = StoredTime.ToMicroseconds(occurrence.StartedAt),
            SpecHash = occurrence.SpecHash,
            TimeZoneVersion = occurrence.TimeZoneVersion,
            UpdatedAt = StoredTime.ToMicroseconds(occurrence.UpdatedAt),
        };

        public OccurrenceRecord ToOccurrence() => new()
        {
            Installation = Installation,
            ScheduleId = ScheduleId,
            DueAt = StoredTime.FromMicroseconds(DueAt),
            LastDueAt = StoredTime.FromMicroseconds(LastDueAt),
            Count = Count,
            Status = StoredWord<OccurrenceStatus>.Read(Status),
            Cause = Cause,
            Reason = Reason,
            RunId = RunId,
            StartedAt = StoredTime.FromMicroseconds(StartedAt),
            SpecHash = SpecHash,
            TimeZoneVersion = TimeZoneVersion,
            UpdatedAt = StoredTime.FromMicroseconds(UpdatedAt),
        };
    }
}
