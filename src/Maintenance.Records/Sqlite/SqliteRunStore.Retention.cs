using Dapper;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    public Task<int> PruneRunsAsync(RunPruning pruning, int limit, CancellationToken cancellationToken)
    {
        var doomed = $"""
            select run_id
            from run
            where job = @Job and started_at < @before and finished_at is not null and status {(pruning.Succeeded ? "=" : "<>")} 'succeeded'
            order by started_at, run_id
            limit @limit
            """;
        var outputs = $"""
            delete from attempt_output
            where (execution_run_id, activity_id) in (
                select execution_run_id, activity_id
                from attempt
                where run_id in ({doomed}))
            """;
        var runs = $"""
            delete from run
            where run_id in ({doomed})
            """;

        var values = new { pruning.Job, before = StoredTime.ToMicroseconds(pruning.StartedBefore), limit };
        return _database.WriteAsync(
            async connection =>
            {
                await connection.ExecuteAsync(new CommandDefinition(outputs, values, cancellationToken: cancellationToken));
                return await connection.ExecuteAsync(new CommandDefinition(runs, values, cancellationToken: cancellationToken));
            },
            durable: false,
            cancellationToken);
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

        return ExecuteAsync(sql, new { before = StoredTime.ToMicroseconds(storedBefore), limit }, cancellationToken);
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

        return ExecuteAsync(sql, new { before = StoredTime.ToMicroseconds(deliveredBefore), limit }, cancellationToken);
    }
}
