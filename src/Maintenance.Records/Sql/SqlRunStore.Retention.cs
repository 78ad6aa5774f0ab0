using Dapper;

namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    public Task<int> PruneRunsAsync(RunPruning pruning, int limit, CancellationToken cancellationToken)
    {
        var pick = $"""
            select run_id
            from run
            where job = @Job and started_at < @before and finished_at is not null and status {(pruning.Succeeded ? "=" : "<>")} 'succeeded'
            order by started_at, run_id
            limit @limit
            {ForUpdate}
            """;
        var outputs = $"""
            delete from attempt_output
            where (execution_run_id, activity_id) in (
                select execution_run_id, activity_id
                from attempt
                where run_id {IsIn("@ids")})
            """;
        var runs = $"""
            delete from run
            where run_id {IsIn("@ids")}
            """;
        var links = $"""
            update evidence
            set pruned_by = @prunedBy
            where run_id {IsIn("@ids")} and kind = 'run' and pruned_by is null
            """;
        var doomedLinks = $"""
            select sequence
            from evidence
            where run_id {IsIn("@ids")} and kind = 'run' and pruned_by is null
            """;

        var values = new { pruning.Job, before = pruning.StartedBefore, limit };
        return WriteAsync(
            async connection =>
            {
                var doomed = (await connection.QueryAsync<string>(Command(pick, values))).ToList();
                if (doomed.Count == 0)
                    return 0;
                var ids = Set(doomed);
                await connection.ExecuteAsync(Command(outputs, new { ids }));
                await connection.ExecuteAsync(Command(runs, new { ids }));
                var ended = (await connection.QueryAsync<long>(Command(doomedLinks, new { ids }))).ToList();
                if (ended.Count > 0)
                {
                    var prunedBy = await AppendPrunedAsync(
                        connection, pruning.At, EvidenceLink.PrunedHash(pruning.At, ended), cancellationToken);
                    await connection.ExecuteAsync(Command(links, new { ids, prunedBy }));
                }

                return doomed.Count;
            },
            durable: false,
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

        return ExecuteAsync(sql, new { before = storedBefore, limit }, cancellationToken);
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

        return ExecuteAsync(sql, new { before = deliveredBefore, limit }, cancellationToken);
    }
}
