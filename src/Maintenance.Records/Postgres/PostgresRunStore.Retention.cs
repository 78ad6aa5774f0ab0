using Dapper;

namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    public Task<int> PruneRunsAsync(RunPruning pruning, int limit, CancellationToken cancellationToken)
    {
        var pick = $"""
            select run_id
            from run
            where job = @Job and started_at < @before and finished_at is not null and status {(pruning.Succeeded ? "=" : "<>")} 'succeeded'
            order by started_at, run_id
            limit @limit
            for update
            """;
        const string outputs = """
            delete from attempt_output
            where (execution_run_id, activity_id) in (
                select execution_run_id, activity_id
                from attempt
                where run_id = any(@ids))
            """;
        const string runs = """
            delete from run
            where run_id = any(@ids)
            """;
        const string links = """
            update evidence
            set pruned_by = @prunedBy
            where run_id = any(@ids) and kind = 'run' and pruned_by is null
            """;
        const string doomedLinks = """
            select sequence
            from evidence
            where run_id = any(@ids) and kind = 'run' and pruned_by is null
            """;

        var values = new { pruning.Job, before = StoredTime.ToUtc(pruning.StartedBefore), limit };
        return _database.RunAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var ids = (await connection.QueryAsync<string>(Command(pick, values))).ToArray();
                if (ids.Length == 0)
                    return 0;
                await connection.ExecuteAsync(Command(outputs, new { ids }));
                await connection.ExecuteAsync(Command(runs, new { ids }));
                var ended = (await connection.QueryAsync<long>(Command(doomedLinks, new { ids }))).ToList();
                if (ended.Count > 0)
                {
                    var link = new
                    {
                        LinkKind = "pruned", LinkRunId = "", LinkAt = StoredTime.ToUtc(pruning.At), Digests = "[]",
                        ContentHash = EvidenceLink.PrunedHash(pruning.At, ended), Format = EvidenceText.OldestFormat, Marks = "",
                        SameHashes = Array.Empty<string>(),
                    };
                    var prunedBy = await connection.QueryFirstAsync<long>(Command(AppendEvidence + " returning sequence", link));
                    await connection.ExecuteAsync(Command(links, new { ids, prunedBy }));
                }

                await transaction.CommitAsync(cancellationToken);
                return ids.Length;
            },
            cancellationToken);

        CommandDefinition Command(string sql, object given) => new(sql, given, cancellationToken: cancellationToken);
    }

    public Task<int> PruneOutputsAsync(DateTimeOffset storedBefore, int limit, CancellationToken cancellationToken)
    {
        const string sql = """
            delete from attempt_output
            where (execution_run_id, activity_id) in (
                select execution_run_id, activity_id
                from attempt_output
                where stored_at < @before
                order by stored_at
                limit @limit)
            """;

        return ExecuteAsync(sql, new { before = StoredTime.ToUtc(storedBefore), limit }, cancellationToken);
    }

    public Task<int> PruneDeliveredAsync(DateTimeOffset deliveredBefore, int limit, CancellationToken cancellationToken)
    {
        const string sql = """
            delete from outbox
            where message_id in (
                select message_id
                from outbox
                where delivered_at < @before
                order by delivered_at
                limit @limit)
            """;

        return ExecuteAsync(sql, new { before = StoredTime.ToUtc(deliveredBefore), limit }, cancellationToken);
    }
}
