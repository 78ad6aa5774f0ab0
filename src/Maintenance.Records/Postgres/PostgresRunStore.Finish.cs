using Dapper;

namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    public override async Task FinishRunAsync(RunRecord run, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var sql = $"""
            {UpsertRun};

            delete from step
            where run_id = @RunId;

            delete from approval
            where run_id = @RunId;

            insert into step (run_id, position, name, kind, part, status, started_at, finished_at, reason, outputs)
            select @RunId, position, name, kind, part, status, started_at, finished_at, reason, outputs::json
            from json_to_recordset(@Steps::json) as row (
                position integer, name text, kind text, part text, status text, started_at timestamptz, finished_at timestamptz,
                reason text, outputs text);

            insert into attempt (
                run_id, position, number, execution_run_id, activity_id, outcome, exit_code, signal, exit_unsure, host_id, host_name,
                started_at, finished_at, recovery, containment, reason)
            select
                @RunId, position, number, execution_run_id, activity_id, outcome, exit_code, signal, exit_unsure, host_id, host_name,
                started_at, finished_at, recovery, containment, reason
            from json_to_recordset(@Attempts::json) as row (
                position integer, number integer, execution_run_id text, activity_id text, outcome text, exit_code integer, signal integer,
                exit_unsure boolean, host_id text, host_name text, started_at timestamptz, finished_at timestamptz, recovery text,
                containment text, reason text);

            insert into attempt_output (execution_run_id, activity_id, head, tail, total_bytes, cut_bytes, stored_at)
            select execution_run_id, activity_id, head, tail, total_bytes, cut_bytes, @FinishedAt
            from json_to_recordset(@AttemptOutputs::json) as row (
                execution_run_id text, activity_id text, head text, tail text, total_bytes bigint, cut_bytes bigint)
            on conflict (execution_run_id, activity_id) do update set
                head = excluded.head, tail = excluded.tail, total_bytes = excluded.total_bytes, cut_bytes = excluded.cut_bytes;

            insert into approval (
                run_id, ordinal, position, step, message, evidence_hash, decision, decided_by, verified, reason,
                requested_at, decided_at, expires_at, detail)
            select
                @RunId, ordinal, position, step, message, evidence_hash, decision, decided_by, verified, reason,
                requested_at, decided_at, expires_at, detail::json
            from json_to_recordset(@Approvals::json) as row (
                ordinal integer, position integer, step text, message text, evidence_hash text, decision text, decided_by text,
                verified boolean, reason text, requested_at timestamptz, decided_at timestamptz, expires_at timestamptz,
                detail text);

            {InsertMessages};

            {AppendEvidence}
            """;

        RunFilter.RequireFinished(run);
        var finished = RunRow.Of(run);
        var digests = await DigestsAsync(run, cancellationToken);
        var stored = AsStored(run);
        var evidence = EvidenceText.Of(stored, digests);
        var values = new DynamicParameters(finished);
        values.AddDynamicParams(new
        {
            Steps = StoredJson.Rows(run.Steps.Select(step => StepRow.Of(run.RunId, step))),
            Attempts = StoredJson.Rows(run.Steps
                .SelectMany(step => step.Attempts.Select(attempt => AttemptRow.Of(run.RunId, step.Position, attempt)))),
            AttemptOutputs = StoredJson.Rows(run.Steps
                .SelectMany(step => step.Attempts)
                .Where(attempt => attempt.Output is not null)
                .Select(attempt => OutputRow.Of(run, attempt))),
            Approvals = StoredJson.Rows(run.Approvals.Select((approval, ordinal) => ApprovalRow.Of(run.RunId, approval, ordinal))),
            Messages = StoredJson.Rows(messages.Select(OutboxRow.Of)),
            LinkKind = "run",
            LinkRunId = run.RunId,
            LinkAt = finished.FinishedAt,
            Digests = EvidenceRow.Json(digests),
            ContentHash = evidence.Hash,
            // A run that was sealed by an earlier version and is recorded again as it was needs no second link.
            SameHashes = (string[])[evidence.Hash, EvidenceText.Of(stored, digests, EvidenceText.OldestFormat).Hash],
            evidence.Format,
            evidence.Marks,
        });
        await ExecuteAsync(sql, values, cancellationToken);
    }
}
