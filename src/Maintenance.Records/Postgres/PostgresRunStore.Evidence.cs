using System.Data.Common;
using Dapper;

namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    /// <summary>
    /// Appends the run's link, unless its newest one says the same. The last statement of a transaction: the head's row is held from here
    /// to the commit, and whoever waits for it holds no row that its holder could want.
    /// </summary>
    const string AppendEvidence = """
        with head as (
            update evidence_head
            set sequence = sequence + 1, previous_hash = hash, hash = encode(sha256(convert_to(
                hash || E'\n' || (sequence + 1) || E'\n' || @LinkKind::text || E'\n' || @LinkRunId::text || E'\n' || @ContentHash::text || E'\n',
                'UTF8')), 'hex')
            where not exists (
                select 1
                from (
                    select content_hash, pruned_by
                    from evidence
                    where run_id = @LinkRunId::text and kind = 'run'
                    order by sequence desc
                    limit 1) as newest
                where @LinkKind::text = 'run' and newest.pruned_by is null and newest.content_hash = any (@SameHashes))
            returning sequence, previous_hash, hash)
        insert into evidence (sequence, kind, run_id, at, outputs, content_hash, format, marks, previous_hash, hash)
        select sequence, @LinkKind, @LinkRunId, @LinkAt, @Digests, @ContentHash, @Format, @Marks, previous_hash, hash
        from head
        """;

    protected override Task<long> AppendPrunedAsync(
        DbConnection connection, DateTimeOffset at, string hash, CancellationToken cancellationToken)
    {
        var link = new
        {
            LinkKind = "pruned", LinkRunId = "", LinkAt = at, Digests = "[]", ContentHash = hash, Format = EvidenceText.OldestFormat,
            Marks = "", SameHashes = Array.Empty<string>(),
        };
        return connection.QueryFirstAsync<long>(
            new CommandDefinition(AppendEvidence + " returning sequence", link, cancellationToken: cancellationToken));
    }

    async Task<IReadOnlyList<OutputDigest>> DigestsAsync(RunRecord run, CancellationToken cancellationToken)
    {
        var printed = run.Steps
            .SelectMany(step =>
                step.Attempts.Where(attempt => attempt.Output is not null)
                    .Select(attempt => (step, attempt, row: OutputRow.Of(run, attempt))))
            .ToList();
        var fulls = await FullDigestsAsync([.. printed.Select(each => each.row).Where(row => row.CutBytes > 0)], cancellationToken);
        return [.. printed.Select(each => OutputDigest.Of(
            each.step.Position, each.attempt.Number, each.row.ToOutput(),
            fulls.GetValueOrDefault((each.row.ExecutionRunId, each.row.ActivityId))))];
    }

    /// <summary>Only an output that was cut can be stored whole, so that most runs need no look.</summary>
    async Task<Dictionary<(string ExecutionRunId, string ActivityId), string>> FullDigestsAsync(
        IReadOnlyList<OutputRow> cut, CancellationToken cancellationToken)
    {
        const string sql = """
            select execution_run_id, activity_id, encode(sha256(convert_to(full_text, 'UTF8')), 'hex') as digest
            from attempt_output
            join json_to_recordset(@Rows::json) as asked (execution_run_id text, activity_id text) using (execution_run_id, activity_id)
            where full_text is not null
            """;

        if (cut.Count == 0)
            return [];
        var rows = await ListAsync<FullRow>(sql, new { Rows = StoredJson.Rows(cut) }, cancellationToken);
        return rows.ToDictionary(row => (row.ExecutionRunId, row.ActivityId), row => row.Digest);
    }

    sealed record FullRow
    {
        public required string ExecutionRunId { get; init; }
        public required string ActivityId { get; init; }
        public required string Digest { get; init; }
    }
}
