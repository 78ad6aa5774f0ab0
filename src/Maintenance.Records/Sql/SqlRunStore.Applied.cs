namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    const string AppliedColumns = """
        installation, schedule_id, applied_at, job, source, spec_hash, content_hash, bundle_hash, git_commit, time_zone_version,
        applied_by, replaced_at
        """;

    public Task PutAppliedScheduleAsync(AppliedSchedule schedule, CancellationToken cancellationToken)
    {
        // The lock: of two appliers at once the second must see what the first left in force, or its version would be dropped unseen.
        var sql = $"""
            {LockFor("'apply:' || @Installation || '/' || @ScheduleId")}
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

        var values = new { installation, scheduleId, since };
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

        return ExecuteAsync(sql, new { installation, scheduleId, at }, cancellationToken);
    }

    public async Task<IReadOnlyList<AppliedSchedule>> ListAppliedHistoryAsync(
        string installation, DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {AppliedColumns}
            from applied_schedule
            where installation = @installation and (replaced_at is null or replaced_at > @since)
            order by schedule_id, applied_at
            """;

        var rows = await ListAsync<AppliedRow>(sql, new { installation, since }, cancellationToken);
        return [.. rows.Select(row => row.ToApplied())];
    }

    public async Task<string> GetAppliedStampAsync(string installation, CancellationToken cancellationToken)
    {
        const string sql = """
            select cast(count(*) as text) || '/' || cast(count(replaced_at) as text) || '/'
                || coalesce(cast(max(applied_at) as text), '') || '/' || coalesce(cast(max(replaced_at) as text), '')
            from applied_schedule
            where installation = @installation
            """;

        return await FirstOrDefaultAsync<string>(sql, new { installation }, cancellationToken) ?? "";
    }
}
