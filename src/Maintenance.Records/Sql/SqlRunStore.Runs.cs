using Dapper;

namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    const string RunColumns = """
        run_id, workflow_id, job, installation, schedule_id, due_at, cause, requester, requester_verified, parent_run_id, bundle_hash,
        git_commit, status, reason, started_at, finished_at, host_id, host_name, input, outputs, time_zone_version, locks, actions
        """;

    /// <summary>Puts the whole row in, or in the place of the one that is there.</summary>
    protected string UpsertRun => $"""
        insert into run ({RunColumns})
        values (
            @RunId, @WorkflowId, @Job, @Installation, @ScheduleId, @DueAt, @Cause, @Requester, @RequesterVerified, @ParentRunId, @BundleHash,
            @GitCommit, @Status, @Reason, @StartedAt, @FinishedAt, @HostId, @HostName, @Input{AsJson}, @Outputs{AsJson}, @TimeZoneVersion,
            @Locks{AsJson}, @Actions{AsJson})
        on conflict (run_id) do update set
            workflow_id = excluded.workflow_id, job = excluded.job, installation = excluded.installation,
            schedule_id = excluded.schedule_id, due_at = excluded.due_at, cause = excluded.cause,
            requester = excluded.requester, requester_verified = excluded.requester_verified,
            parent_run_id = excluded.parent_run_id, bundle_hash = excluded.bundle_hash, git_commit = excluded.git_commit,
            status = excluded.status, reason = excluded.reason, started_at = excluded.started_at, finished_at = excluded.finished_at,
            host_id = excluded.host_id, host_name = excluded.host_name, input = excluded.input, outputs = excluded.outputs,
            time_zone_version = excluded.time_zone_version, locks = excluded.locks, actions = excluded.actions
        """;

    public Task OpenRunAsync(RunRecord run, CancellationToken cancellationToken)
    {
        var sql = $"""
            {UpsertRun}
            where run.finished_at is null
            """;

        // What a power loss takes is written again by finish, so begin does not wait for the disk.
        return ExecuteAsync(sql, RunRow.Of(run), cancellationToken, durable: false);
    }

    public abstract Task FinishRunAsync(
        RunRecord run, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);

    public async Task<RunRecord?> GetRunAsync(string runId, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {RunColumns}
            from run
            where run_id = @runId;

            select position, name, kind, part, status, started_at, finished_at, reason, outputs
            from step
            where run_id = @runId
            order by position;

            select
                position, number, execution_run_id, activity_id, outcome, exit_code, signal, exit_unsure, host_id, host_name,
                started_at, finished_at, recovery, containment, reason, head, tail, total_bytes, cut_bytes
            from attempt
            left join attempt_output using (execution_run_id, activity_id)
            where run_id = @runId
            order by position, number;

            select
                ordinal, position, step, message, evidence_hash, decision, decided_by, verified, reason,
                requested_at, decided_at, expires_at, detail
            from approval
            where run_id = @runId
            order by ordinal
            """;

        return await ReadAsync(
            async connection =>
            {
                await using var results = await connection.QueryMultipleAsync(
                    new CommandDefinition(sql, new { runId }, cancellationToken: cancellationToken));
                var run = await results.ReadFirstOrDefaultAsync<RunRow>();
                var steps = await results.ReadAsync<StepRow>();
                var attempts = (await results.ReadAsync<AttemptRow>()).ToLookup(attempt => attempt.Position);
                var approvals = await results.ReadAsync<ApprovalRow>();
                return run is null ? null : run.ToRun() with
                {
                    Steps =
                    [
                        .. steps.Select(step => step.ToStep([.. attempts[step.Position].Select(attempt => attempt.ToAttempt(runId))])),
                    ],
                    Approvals = [.. approvals.Select(approval => approval.ToApproval())],
                };
            },
            cancellationToken);
    }

    public async Task<RunLookup> FindRunAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        const string byWorkflow = """
            select run_id
            from run
            where workflow_id = @idOrPrefix
            order by started_at desc
            limit 1
            """;
        const string byPrefix = """
            select run_id
            from run
            where run_id >= @idOrPrefix and run_id < @end
            order by run_id
            limit @limit
            """;

        if (await GetRunAsync(idOrPrefix, cancellationToken) is { } exact)
            return new(exact, []);
        if (await FirstOrDefaultAsync<string>(byWorkflow, new { idOrPrefix }, cancellationToken) is { } newest)
            return new(await GetRunAsync(newest, cancellationToken), []);
        if (idOrPrefix.Length < RunLookup.PrefixLengthMin)
            return new(null, []);

        // No id contains a character behind the last one of the basic plane.
        var found = await ListAsync<string>(
            byPrefix, new { idOrPrefix, end = idOrPrefix + '\uFFFF', limit = RunLookup.CandidatesMax }, cancellationToken);
        return found.Count == 1 ? new(await GetRunAsync(found[0], cancellationToken), []) : new(null, found);
    }

    public async Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken)
    {
        var limit = Math.Clamp(query.Limit, 1, RunQuery.LimitMax);
        var sql = $"""
            select {RunColumns}
            from run
            {RunFilter.Where(query)}
            {RunFilter.Order(query)}
            limit @limit
            """;
        var values = new
        {
            query.Job,
            query.ScheduleId,
            status = query.Status is { } status ? StoredWord<RunStatus>.Write(status) : null,
            since = query.Since,
            until = query.Until,
            cursorStart = RunFilter.Cursor(query)?.StartedAt,
            cursorId = RunFilter.Cursor(query)?.RunId,
            limit = limit + 1,
        };

        var rows = await ListAsync<RunRow>(sql, values, cancellationToken);
        return RunFilter.Page(query, [.. rows.Select(row => row.ToRun())], limit);
    }

    public Task<IReadOnlyList<string>> ListRecordedJobsAsync(CancellationToken cancellationToken)
    {
        // From one name to the next in the index; "distinct" would read a row for each run.
        const string sql = """
            with recursive name (job) as (
                select min(job) from run
                union all
                select (select min(run.job) from run where run.job > name.job) from name where name.job is not null)
            select job from name where job is not null
            """;

        return ListAsync<string>(sql, null, cancellationToken);
    }

    public async Task<IReadOnlyList<TimeSpan>> ListStepDurationsAsync(
        string job, string step, bool ofTargets, int limit, CancellationToken cancellationToken)
    {
        var sql = $"""
            select {Microseconds("step.finished_at - step.started_at")}
            from run
            join step using (run_id)
            where run.job = @job and substr(step.name, 1, length(@step)) = @step and (@ofTargets or step.name = @step)
                and step.status = 'succeeded' and step.finished_at is not null
            order by run.started_at desc
            limit @limit
            """;

        // A target's record has the step's name with the target in brackets.
        var values = new { job, step = ofTargets ? step + "[" : step, ofTargets, limit };
        return [.. (await ListAsync<long>(sql, values, cancellationToken)).Select(m => TimeSpan.FromMicroseconds(m))];
    }

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ListHostsSeenAsync(
        IReadOnlyList<string> hostIds, CancellationToken cancellationToken)
    {
        var sql = $"""
            select host_id as HostId, max(finished_at) as SeenAt
            from attempt
            where host_id {IsIn("@ids")} and finished_at is not null
            group by host_id
            """;

        var rows = await ListAsync<HostSeenRow>(sql, new { ids = Set(hostIds) }, cancellationToken);
        return rows.ToDictionary(row => row.HostId, row => row.SeenAt);
    }
}
