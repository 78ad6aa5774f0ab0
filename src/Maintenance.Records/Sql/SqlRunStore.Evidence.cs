using System.Data.Common;

namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    const string EvidenceColumns = """
        sequence, kind, run_id, at, outputs, content_hash, format, marks, previous_hash, hash, pruned_by,
        (select max(sequence) from evidence as later where later.run_id = evidence.run_id and later.kind = 'run') as newest
        """;

    protected const string LinkOfRun = $"""
        select {EvidenceColumns}
        from evidence
        where run_id = @runId and kind = 'run'
        order by sequence desc
        limit 1
        """;

    public async Task<EvidenceLink?> GetEvidenceAsync(string runId, CancellationToken cancellationToken) =>
        (await FirstOrDefaultAsync<EvidenceRow>(LinkOfRun, new { runId }, cancellationToken))?.ToLink();

    public async Task<IReadOnlyList<EvidenceLink>> ListEvidenceAsync(long after, int limit, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {EvidenceColumns}
            from evidence
            where sequence > @after
            order by sequence
            limit @limit
            """;

        return [.. (await ListAsync<EvidenceRow>(sql, new { after, limit }, cancellationToken)).Select(row => row.ToLink())];
    }

    public async Task<EvidenceHead> GetEvidenceHeadAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            select sequence, hash, (select count(*) from evidence_before) as runs_before
            from evidence_head
            """;

        return (await FirstOrDefaultAsync<EvidenceHeadRow>(sql, new { }, cancellationToken))?.ToHead() ?? new(0, "", "");
    }

    public Task<long?> FindEvidenceSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        const string sql = """
            select min(sequence)
            from evidence
            where at >= @since
            """;

        return FirstOrDefaultAsync<long?>(sql, new { since }, cancellationToken);
    }

    public Task<IReadOnlyList<long>> ListPrunedByAsync(long sequence, CancellationToken cancellationToken)
    {
        const string sql = """
            select sequence
            from evidence
            where pruned_by = @sequence
            order by sequence
            """;

        return ListAsync<long>(sql, new { sequence }, cancellationToken);
    }

    public Task<IReadOnlyList<string>> ListRunsWithoutEvidenceAsync(int limit, CancellationToken cancellationToken)
    {
        const string sql = """
            select run_id
            from run
            where finished_at is not null
                and not exists (select 1 from evidence where evidence.run_id = run.run_id)
                and not exists (select 1 from evidence_before where evidence_before.run_id = run.run_id)
            order by run_id
            limit @limit
            """;

        return ListAsync<string>(sql, new { limit }, cancellationToken);
    }

    /// <summary>Appends the link that stands for runs that were pruned, and returns its number.</summary>
    protected abstract Task<long> AppendPrunedAsync(
        DbConnection connection, DateTimeOffset at, string hash, CancellationToken cancellationToken);

    /// <summary>The run as reading it back gives it: times and texts in the form that the database keeps.</summary>
    protected static RunRecord AsStored(RunRecord run) => RunRow.Of(run).ToRun() with
    {
        Steps = [.. run.Steps.Select(step => StepRow.Of(run.RunId, step).ToStep(
            [.. step.Attempts.Select(attempt => AttemptRow.Of(run.RunId, step.Position, attempt).ToAttempt(run.RunId))]))],
        Approvals = [.. run.Approvals.Select((approval, ordinal) => ApprovalRow.Of(run.RunId, approval, ordinal).ToApproval())],
    };
}
