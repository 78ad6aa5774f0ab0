using System.Text.Json;
using Dapper;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    const string MessageColumns = "message_id, run_id, target, sequence, kind, payload, created_at, failures, last_error";

    const string InsertMessage = """
        insert into outbox (message_id, run_id, target, sequence, kind, payload, created_at, not_before)
        values (@MessageId, @RunId, @Target, @Sequence, @Kind, @Payload, @CreatedAt, @CreatedAt)
        on conflict (message_id) do nothing
        """;

    public Task EnqueueAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        ExecuteAsync(InsertMessage, messages.Select(OutboxRow.Of), cancellationToken);

    public async Task<IReadOnlyList<OutboxMessage>> ClaimOutboxAsync(
        string target, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        // Differs from Postgres: the one writer needs no lock, and `returning` has no order, so the rows are sorted here.
        const string sql = $"""
            update outbox
            set not_before = @hiddenUntil
            where message_id in (
                select message_id
                from outbox as message
                where target = @target and delivered_at is null and dead_at is null and not_before <= @now
                    and not exists (
                        select 1
                        from outbox as earlier
                        where earlier.target = message.target and earlier.run_id = message.run_id
                            and earlier.delivered_at is null and earlier.dead_at is null and earlier.not_before > @now
                            and (earlier.sequence, earlier.message_id) < (message.sequence, message.message_id))
                order by created_at, run_id, sequence, message_id
                limit @limit)
            returning {MessageColumns}
            """;

        var values = new
        {
            target,
            limit,
            now = StoredTime.ToMicroseconds(now),
            hiddenUntil = StoredTime.ToMicroseconds(now + lease),
        };
        return await _database.WriteAsync<IReadOnlyList<OutboxMessage>>(
            async connection =>
            {
                var rows = await connection.QueryAsync<OutboxRow>(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
                return [.. rows
                    .OrderBy(row => row.CreatedAt)
                    .ThenBy(row => row.RunId, StringComparer.Ordinal)
                    .ThenBy(row => row.Sequence)
                    .ThenBy(row => row.MessageId, StringComparer.Ordinal)
                    .Select(row => row.ToMessage())];
            },
            durable: true,
            cancellationToken);
    }

    public Task MarkDeliveredAsync(IReadOnlyList<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set delivered_at = @now
            where message_id in (select value from json_each(@ids)) and delivered_at is null and dead_at is null
            """;

        return ExecuteAsync(sql, new { ids = JsonSerializer.Serialize(ids), now = StoredTime.ToMicroseconds(now) }, cancellationToken);
    }

    public Task PostponeAsync(IReadOnlyList<string> ids, DateTimeOffset retryAt, string error, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set not_before = @retryAt, failures = failures + 1, last_error = @error
            where message_id in (select value from json_each(@ids)) and delivered_at is null and dead_at is null
            """;

        var values = new
        {
            ids = JsonSerializer.Serialize(ids), retryAt = StoredTime.ToMicroseconds(retryAt), error = StoredText.Clean(error),
        };
        return ExecuteAsync(sql, values, cancellationToken);
    }

    public Task DeadLetterAsync(string id, DateTimeOffset now, string error, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set dead_at = @now, failures = failures + 1, last_error = @error
            where message_id = @id and delivered_at is null and dead_at is null
            """;

        return ExecuteAsync(sql, new { id, now = StoredTime.ToMicroseconds(now), error = StoredText.Clean(error) }, cancellationToken);
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

        return await ExecuteAsync(sql, new { id, now = StoredTime.ToMicroseconds(now) }, cancellationToken) > 0;
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
        return new(row?.Pending ?? 0, StoredTime.FromMicroseconds(row?.OldestPendingAt), row?.Dead ?? 0);
    }

    sealed record HealthRow
    {
        public long Pending { get; init; }
        public long? OldestPendingAt { get; init; }
        public long Dead { get; init; }
    }

    sealed record OutboxRow
    {
        public required string MessageId { get; init; }
        public required string RunId { get; init; }
        public required string Target { get; init; }
        public int Sequence { get; init; }
        public required string Kind { get; init; }
        public required string Payload { get; init; }
        public long CreatedAt { get; init; }
        public int Failures { get; init; }
        public string? LastError { get; init; }

        public static OutboxRow Of(OutboxMessage message) => new()
        {
            MessageId = message.Id,
            RunId = message.RunId,
            Target = message.Target,
            Sequence = message.Sequence,
            Kind = message.Kind,
            Payload = StoredJson.Text(message.PayloadJson),
            CreatedAt = StoredTime.ToMicroseconds(message.CreatedAt),
        };

        public OutboxMessage ToMessage() => new()
        {
            Id = MessageId,
            RunId = RunId,
            Target = Target,
            Sequence = Sequence,
            Kind = Kind,
            PayloadJson = Payload,
            CreatedAt = StoredTime.FromMicroseconds(CreatedAt),
            Failures = Failures,
            LastError = LastError,
        };
    }
}
