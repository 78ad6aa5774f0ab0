using Dapper;
using Microsoft.Data.Sqlite;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    const string InsertEvidence = """
        insert into evidence (sequence, kind, run_id, at, outputs, content_hash, format, marks, previous_hash, hash)
        values (@Sequence, @Kind, @RunId, @At, @Outputs, @ContentHash, @Format, @Marks, @PreviousHash, @Hash);

        update evidence_head
        set sequence = @Sequence, previous_hash = @PreviousHash, hash = @Hash
        """;

    public async Task<EvidenceLink?> GetEvidenceAsync(string runId, CancellationToken cancellationToken) =>
        (await FirstOrDefaultAsync<LinkRow>(EvidenceSql.OfRun, new { runId }, cancellationToken))?.ToLink();

    public async Task<IReadOnlyList<EvidenceLink>> ListEvidenceAsync(long after, int limit, CancellationToken cancellationToken) =>
        [.. (await ListAsync<LinkRow>(EvidenceSql.Page, new { after, limit }, cancellationToken)).Select(row => row.ToLink())];

    public async Task<EvidenceHead> GetEvidenceHeadAsync(CancellationToken cancellationToken) =>
        (await FirstOrDefaultAsync<EvidenceHeadRow>(EvidenceSql.Head, new { }, cancellationToken))?.ToHead() ?? new(0, "", "");

    public Task<long?> FindEvidenceSinceAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        FirstOrDefaultAsync<long?>(EvidenceSql.FirstSince, new { since = StoredTime.ToMicroseconds(since) }, cancellationToken);

    public Task<IReadOnlyList<long>> ListPrunedByAsync(long sequence, CancellationToken cancellationToken) =>
        ListAsync<long>(EvidenceSql.PrunedBy, new { sequence }, cancellationToken);

    public Task<IReadOnlyList<string>> ListRunsWithoutEvidenceAsync(int limit, CancellationToken cancellationToken) =>
        ListAsync<string>(EvidenceSql.Unlinked, new { limit }, cancellationToken);

    /// <summary>
    /// Appends the run's link, unless its newest one says the same.
    /// Differs from Postgres: the write transaction is the lock, so the hash is computed here.
    /// </summary>
    static async Task AppendEvidenceAsync(SqliteConnection connection, RunRecord run, CancellationToken cancellationToken)
    {
        var outputs = await DigestsAsync(connection, run, cancellationToken);
        var stored = AsStored(run);
        var text = EvidenceText.Of(stored, outputs);
        var newest = await connection.QueryFirstOrDefaultAsync<LinkRow>(
            new CommandDefinition(EvidenceSql.OfRun, new { runId = run.RunId }, cancellationToken: cancellationToken));
        var before = newest is null || newest.Format == text.Format ? text : EvidenceText.Of(stored, outputs, newest.Format);
        if (newest?.PrunedBy is not null || newest?.ContentHash != before.Hash)
            await AppendAsync(
                connection, EvidenceKind.Run, run.RunId, RunRow.Of(run).FinishedAt ?? 0, outputs, new(text.Hash, text.Format, text.Marks),
                cancellationToken);
    }

    static async Task<long> AppendAsync(
        SqliteConnection connection, EvidenceKind kind, string runId, long at, IReadOnlyList<OutputDigest> outputs, LinkContent content,
        CancellationToken cancellationToken)
    {
        // Without the number of runs before the chain, which is a count over all of them.
        var head = await connection.QueryFirstAsync<EvidenceHeadRow>(
            new CommandDefinition("select sequence, hash from evidence_head", cancellationToken: cancellationToken));
        var link = new LinkRow
        {
            Sequence = head.Sequence + 1,
            Kind = StoredWord<EvidenceKind>.Write(kind),
            RunId = runId,
            At = at,
            Outputs = EvidenceRow.Json(outputs),
            ContentHash = content.Hash,
            Format = content.Format,
            Marks = content.Marks,
            PreviousHash = head.Hash,
            Hash = EvidenceLink.HashOf(head.Hash, head.Sequence + 1, kind, runId, content.Hash),
        };
        await connection.ExecuteAsync(new CommandDefinition(InsertEvidence, link, cancellationToken: cancellationToken));
        return link.Sequence;
    }

    static async Task<List<OutputDigest>> DigestsAsync(SqliteConnection connection, RunRecord run, CancellationToken cancellationToken)
    {
        const string full = """
            select full_text
            from attempt_output
            where execution_run_id = @ExecutionRunId and activity_id = @ActivityId
            """;

        var digests = new List<OutputDigest>();
        foreach (var (step, attempt) in run.Steps.SelectMany(step => step.Attempts.Select(attempt => (step, attempt))))
        {
            if (attempt.Output is null)
                continue;
            var row = OutputRow.Of(run, attempt);
            var text = row.CutBytes == 0
                ? null
                : await connection.QueryFirstOrDefaultAsync<string?>(
                    new CommandDefinition(full, row, cancellationToken: cancellationToken));
            digests.Add(OutputDigest.Of(step.Position, attempt.Number, row.ToOutput(), text is null ? null : OutputDigest.Sha256(text)));
        }

        return digests;
    }

    /// <summary>The run as reading it back gives it: times and texts in the form that the database keeps.</summary>
    static RunRecord AsStored(RunRecord run) => RunRow.Of(run).ToRun() with
    {
        Steps = [.. run.Steps.Select(step => StepRow.Of(run.RunId, step).ToStep(
            [.. step.Attempts.Select(attempt => AttemptRow.Of(run.RunId, step.Position, attempt).ToAttempt(run.RunId))]))],
        Approvals = [.. run.Approvals.Select((approval, ordinal) => ApprovalRow.Of(run.RunId, approval, ordinal).ToApproval())],
    };

    sealed record LinkContent(string Hash, int Format, string Marks);

    sealed record LinkRow : EvidenceRow
    {
        public long At { get; init; }

        public EvidenceLink ToLink() => ToLink(StoredTime.FromMicroseconds(At));
    }
}
