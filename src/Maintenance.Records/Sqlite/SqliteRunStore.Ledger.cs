namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    const string AppliedColumns = """
        installation, schedule_id, applied_at, job, source, spec_hash, content_hash, bundle_hash, git_commit, time_zone_version,
        applied_by, replaced_at
        """;

    public Task PutAppliedScheduleAsync(AppliedSchedule schedule, CancellationToken cancellationToken)
    {
        // Differs from Postgres: the one writer needs no lock.
        const string sql = $"""
            update applied_schedule
            set replaced_at = @AppliedAt
            where installation = @Installation and schedule_id = @ScheduleId and replaced_at is null and content_hash <> @ContentHash;

            insert into applied_schedule ({AppliedColumns})
            select
                @Installation, @ScheduleId, @AppliedAt, @Job, @Source, @SpecHash, @ContentHash, @BundleHash, @GitCommit,
                @TimeZoneVersion, @AppliedBy, null
            where not exists (
                select 1
                from applied_schedule
                where installation = @Installation and schedule_id = @ScheduleId and replaced_at is null)
            on conflict (installation, schedule_id, applied_at) do update set
                job = excluded.job, source = excluded.source, spec_hash = excluded.spec_hash, content_hash = excluded.content_hash,
                bundle_hash = excluded.bundle_hash, git_commit = excluded.git_commit, time_zone_version = excluded.time_zone_version,
                applied_by = excluded.applied_by, replaced_at = null
            """;

        return ExecuteAsync(sql, AppliedRow.Of(schedule), cancellationToken);
    }

    public async Task<AppliedSchedule?> GetAppliedScheduleAsync(
        string installation, string scheduleId, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {AppliedColumns}
            from applied_schedule
            where installation = @installation and schedule_id = @scheduleId and replaced_at is null
            """;

        return (await FirstOrDefaultAsync<AppliedRow>(sql, new { installation, scheduleId }, cancellationToken))?.ToApplied();
    }

    public async Task<IReadOnlyList<AppliedSchedule>> ListAppliedSchedulesAsync(
        string installation, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {AppliedColumns}
            from applied_schedule
            where installation = @installation and replaced_at is null
            order by schedule_id
            """;

        var rows = await ListAsync<AppliedRow>(sql, new { installation }, cancellationToken);
        return [.. rows.Select(row => row.ToApplied())];
    }

    public async Task<IReadOnlyList<AppliedSchedule>> ListAppliedVersionsAsync(
        string installation, string scheduleId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {AppliedColumns}
            from applied_schedule
            where installation = @installation and schedule_id = @scheduleId and (replaced_at is null or replaced_at > @since)
            order by applied_at
            """;

        var values = new { installation, scheduleId, since = StoredTime.ToMicroseconds(since) };
        var rows = await ListAsync<AppliedRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToApplied())];
    }

    public Task DeleteAppliedScheduleAsync(
        string installation, string scheduleId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        const string sql = """
            update applied_schedule
            set replaced_at = @at
            where installation = @installation and schedule_id = @scheduleId and replaced_at is null
            """;

        return ExecuteAsync(sql, new { installation, scheduleId, at = StoredTime.ToMicroseconds(at) }, cancellationToken);
    }

    public Task UpsertOccurrencesAsync(IReadOnlyList<OccurrenceRecord> occurrences, CancellationToken cancellationToken)
    {
        const string sql = """
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

        return ExecuteAsync(sql, occurrences.Select(OccurrenceRow.Of), cancellationToken);
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
                {(query.From is null ? "" : "and due_at >= @from")}
                {(query.Until is null ? "" : "and due_at < @until")}
            order by due_at, schedule_id
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

    sealed record AppliedRow
    {
        public required string Installation { get; init; }
        public required string ScheduleId { get; init; }
        public long AppliedAt { get; init; }
        public required string Job { get; init; }
        public required string Source { get; init; }
        public required string SpecHash { get; init; }
        public required string ContentHash { get; init; }
        public string? BundleHash { get; init; }
        public string? GitCommit { get; init; }
        public string? TimeZoneVersion { get; init; }
        public string? AppliedBy { get; init; }
        public long? ReplacedAt { get; init; }

        public static AppliedRow Of(AppliedSchedule schedule) => new()
        {
            Installation = schedule.Installation,
            ScheduleId = schedule.ScheduleId,
            AppliedAt = StoredTime.ToMicroseconds(schedule.AppliedAt),
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
            AppliedAt = StoredTime.FromMicroseconds(AppliedAt),
            Job = Job,
            SourceJson = Source,
            SpecHash = SpecHash,
            ContentHash = ContentHash,
            BundleHash = BundleHash,
            GitCommit = GitCommit,
            TimeZoneVersion = TimeZoneVersion,
            AppliedBy = AppliedBy,
            ReplacedAt = StoredTime.FromMicroseconds(ReplacedAt),
        };
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
