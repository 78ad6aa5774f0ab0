namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    protected const string MessageColumns = "message_id, run_id, target, sequence, kind, payload, created_at, failures, last_error";

    /// <summary>A condition: it is due, and so is all that comes before it for the same run.</summary>
    protected const string IsDueMessage = """
        target = @target and delivered_at is null and dead_at is null and not_before <= @now
            and not exists (
                select 1
                from outbox as earlier
                where earlier.target = message.target and earlier.run_id = message.run_id
                    and earlier.delivered_at is null and earlier.dead_at is null and earlier.not_before > @now
                    and (earlier.sequence, earlier.message_id) < (message.sequence, message.message_id))
        """;

    public abstract Task EnqueueAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);

    public abstract Task<IReadOnlyList<OutboxMessage>> ClaimOutboxAsync(
        string target, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken);

    public Task MarkDeliveredAsync(IReadOnlyList<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sql = $"""
            update outbox
            set delivered_at = @now
            where message_id {IsIn("@ids")} and delivered_at is null and dead_at is null
            """;

        return ExecuteAsync(sql, new { ids = Set(ids), now }, cancellationToken);
    }

    public Task PostponeAsync(IReadOnlyList<string> ids, DateTimeOffset retryAt, string error, CancellationToken cancellationToken)
    {
        var sql = $"""
            update outbox
            set not_before = @retryAt, failures = failures + 1, last_error = @error
            where message_id {IsIn("@ids")} and delivered_at is null and dead_at is null
            """;

        var values = new { ids = Set(ids), retryAt, error = StoredText.Clean(error) };
        return ExecuteAsync(sql, values, cancellationToken);
    }

    public Task DeadLetterAsync(string id, DateTimeOffset now, string error, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set dead_at = @now, failures = failures + 1, last_error = @error
            where message_id = @id and delivered_at is null and dead_at is null
            """;

        return ExecuteAsync(sql, new { id, now, error = StoredText.Clean(error) }, cancellationToken);
    }

    public async Task<IReadOnlyList<OutboxMessage>> ListDeadLettersAsync(int limit, CancellationToken cancellationToken)
    {
        const string sql = $"""
            select {MessageColumns}
            from outbox
            where dead_at is not null
            order by dead_at desc, message_id
            limit @limit
            """;

        var rows = await ListAsync<OutboxRow>(sql, new { limit }, cancellationToken);
        return [.. rows.Select(row => row.ToMessage())];
    }

    public async Task<bool> RetryDeadLetterAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set dead_at = null, not_before = @now
            where message_id = @id and dead_at is not null
            """;

        return await ExecuteAsync(sql, new { id, now }, cancellationToken) > 0;
    }

    public async Task<OutboxHealth> GetOutboxHealthAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            select
                (select count(*) from outbox where delivered_at is null and dead_at is null) as pending,
                (select min(created_at) from outbox where delivered_at is null and dead_at is null) as oldest_pending_at,
                (select count(*) from outbox where dead_at is not null) as dead
            """;

        var row = await FirstOrDefaultAsync<HealthRow>(sql, new { }, cancellationToken);
        return new(row?.Pending ?? 0, row?.OldestPendingAt, row?.Dead ?? 0);
    }
}
