using System.Data.Common;
using Dapper;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    const string InsertEvidence = """
        insert into evidence (sequence, kind, run_id, at, outputs, content_hash, format, marks, previous_hash, hash)
        values (@Sequence, @Kind, @RunId, @At, @Outputs, @ContentHash, @Format, @Marks, @PreviousHash, @Hash);

        update evidence_head
        set sequence = @Sequence, previous_hash = @PreviousHash, hash = @Hash
        """;

    protected override Task<long> AppendPrunedAsync(
        DbConnection connection, DateTimeOffset at, string hash, CancellationToken cancellationToken) =>
        AppendAsync(connection, EvidenceKind.Pruned, "", at, [], new(hash, EvidenceText.OldestFormat, ""), cancellationToken);

    /// <summary>
    /// Appends the run's link, unless its newest one says the same. The write transaction is the lock, so the hash is computed here.
    /// </summary>
    static async Task AppendEvidenceAsync(DbConnection connection, RunRecord run, CancellationToken cancellationToken)
    {
        var outputs = await DigestsAsync(connection, run, cancellationToken);
        var stored = AsStored(run);
        var text = EvidenceText.Of(stored, outputs);
        var newest = await connection.QueryFirstOrDefaultAsync<EvidenceRow>(
            new CommandDefinition(LinkOfRun, new { runId = run.RunId }, cancellationToken: cancellationToken));
        var before = newest is null || newest.Format == text.Format ? text : EvidenceText.Of(stored, outputs, newest.Format);
        if (newest?.PrunedBy is not null || newest?.ContentHash != before.Hash)
            await AppendAsync(
                connection, EvidenceKind.Run, run.RunId, run.FinishedAt ?? run.StartedAt, outputs, new(text.Hash, text.Format, text.Marks),
                cancellationToken);
    }

    static async Task<long> AppendAsync(
        DbConnection connection, EvidenceKind kind, string runId, DateTimeOffset at, IReadOnlyList<OutputDigest> outputs, LinkContent content,
        CancellationToken cancellationToken)
    {
        // Without the number of runs before the chain, which is a count over all of them.
        var head = await connection.QueryFirstAsync<EvidenceHeadRow>(
            new CommandDefinition("select sequence, hash from evidence_head", cancellationToken: cancellationToken));
        var link = new EvidenceRow
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

    static async Task<List<OutputDigest>> DigestsAsync(DbConnection connection, RunRecord run, CancellationToken cancellationToken)
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

    sealed record LinkContent(string Hash, int Format, string Marks);
}
