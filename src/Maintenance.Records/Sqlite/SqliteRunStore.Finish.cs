using Dapper;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    public override Task FinishRunAsync(RunRecord run, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
    {
        var begin = $"""
            {UpsertRun};

            delete from step
            where run_id = @RunId;

            delete from approval
            where run_id = @RunId
            """;
        const string step = """
            insert into step (run_id, position, name, kind, part, status, started_at, finished_at, reason, outputs)
            values (@RunId, @Position, @Name, @Kind, @Part, @Status, @StartedAt, @FinishedAt, @Reason, @Outputs)
            """;
        const string attempt = """
            insert into attempt (
                run_id, position, number, execution_run_id, activity_id, outcome, exit_code, signal, exit_unsure, host_id, host_name,
                started_at, finished_at, recovery, containment, reason)
            values (
                @RunId, @Position, @Number, @ExecutionRunId, @ActivityId, @Outcome, @ExitCode, @Signal, @ExitUnsure, @HostId, @HostName,
                @StartedAt, @FinishedAt, @Recovery, @Containment, @Reason)
            """;
        const string output = """
            insert into attempt_output (execution_run_id, activity_id, head, tail, total_bytes, cut_bytes, stored_at)
            values (@ExecutionRunId, @ActivityId, @Head, @Tail, @TotalBytes, @CutBytes, @StoredAt)
            on conflict (execution_run_id, activity_id) do update set
                head = excluded.head, tail = excluded.tail, total_bytes = excluded.total_bytes, cut_bytes = excluded.cut_bytes
            """;
        const string approval = """
            insert into approval (
                run_id, ordinal, position, step, message, evidence_hash, decision, decided_by, verified, reason,
                requested_at, decided_at, expires_at, detail)
            values (
                @RunId, @Ordinal, @Position, @Step, @Message, @EvidenceHash, @Decision, @DecidedBy, @Verified, @Reason,
                @RequestedAt, @DecidedAt, @ExpiresAt, @Detail)
            """;

        RunFilter.RequireFinished(run);
        var row = RunRow.Of(run);
        return WriteAsync(
            async connection =>
            {
                await ExecuteAsync(begin, row);
                await ExecuteAsync(step, run.Steps.Select(each => StepRow.Of(run.RunId, each)));
                await ExecuteAsync(
                    attempt, run.Steps.SelectMany(each => each.Attempts.Select(tried => AttemptRow.Of(run.RunId, each.Position, tried))));
                await ExecuteAsync(
                    output,
                    run.Steps.SelectMany(each => each.Attempts)
                        .Where(tried => tried.Output is not null)
                        .Select(tried => OutputRow.Of(run, tried)));
                await ExecuteAsync(approval, run.Approvals.Select((each, ordinal) => ApprovalRow.Of(run.RunId, each, ordinal)));
                await ExecuteAsync(InsertMessage, messages.Select(OutboxRow.Of));
                await AppendEvidenceAsync(connection, run, cancellationToken);
                return true;

                Task<int> ExecuteAsync(string sql, object values) =>
                    connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
            },
            durable: true,
            cancellationToken);
    }
}
