namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    const string MessageColumns = "message_id, run_id, target, sequence, kind, payload, created_at, failures, last_error";

    const string InsertMessages = """
        insert into outbox (message_id, run_id, target, sequence, kind, payload, created_at, not_before)
        select message_id, run_id, target, sequence, kind, payload::json, created_at, created_at
        from json_to_recordset(@Messages::json) as row (
            message_id text, run_id text, target text, sequence integer, kind text, payload text, created_at timestamptz)
        on conflict (message_id) do nothing
        """;

    public Task EnqueueAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        ExecuteAsync(InsertMessages, new { Messages = StoredJson.Rows(messages.Select(OutboxRow.Of)) }, cancellationToken);

    public async Task<IReadOnlyList<OutboxMessage>> ClaimOutboxAsync(
        string target, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        // Claimers of one target take turns. With `skip locked` instead, one could get a run's second message while another has the first.
        const string sql = $"""
            select pg_advisory_xact_lock(hashtextextended('outbox:' || @target, 0))::text as ignored;

            with due as (
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
                limit @limit
            ), claimed as (
                update outbox
                set not_before = @hiddenUntil
                where message_id in (select message_id from due)
                returning {MessageColumns}
            )
            select {MessageColumns}
            from claimed
            order by created_at, run_id, sequence, message_id
            """;

        var values = new { target, limit, now = StoredTime.ToUtc(now), hiddenUntil = StoredTime.ToUtc(now + lease) };
        return await _database.RunAsync<IReadOnlyList<OutboxMessage>>(
            async connection =>
            {
                await using var results = await Dapper.SqlMapper.QueryMultipleAsync(
                    connection, new(sql, values, cancellationToken: cancellationToken));
                await results.ReadAsync<string>();
                return [.. (await results.ReadAsync<OutboxRow>()).Select(row => row.ToMessage())];
            },
            cancellationToken);
    }

    public Task MarkDeliveredAsync(IReadOnlyList<string> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set delivered_at = @now
            where message_id = any(@ids) and delivered_at is null and dead_at is null
            """;

        return ExecuteAsync(sql, new { ids = ids.ToArray(), now = StoredTime.ToUtc(now) }, cancellationToken);
    }

    public Task PostponeAsync(IReadOnlyList<string> ids, DateTimeOffset retryAt, string error, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set not_before = @retryAt, failures = failures + 1, last_error = @error
            where message_id = any(@ids) and delivered_at is null and dead_at is null
            """;

        var values = new { ids = ids.ToArray(), retryAt = StoredTime.ToUtc(retryAt), error = StoredText.Clean(error) };
        return ExecuteAsync(sql, values, cancellationToken);
    }

    public Task DeadLetterAsync(string id, DateTimeOffset now, string error, CancellationToken cancellationToken)
    {
        const string sql = """
            update outbox
            set dead_at = @now, failures = failures + 1, last_error = @error
            where message_id = @id and delivered_at is null and dead_at is null
            """;

        return ExecuteAsync(sql, new { id, now = StoredTime.ToUtc(now), error = StoredText.Clean(error) }, cancellationToken);
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

        return await ExecuteAsync(sql, new { id, now = StoredTime.ToUtc(now) }, cancellationToken) > 0;
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
        return new(row?.Pending ?? 0, StoredTime.FromUtc(row?.OldestPendingAt), row?.Dead ?? 0);
    }

    sealed record HealthRow
    {
        public long Pending { get; init; }
        public DateTime? OldestPendingAt { get; init; }
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
        public DateTime CreatedAt { get; init; }
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
            CreatedAt = StoredTime.ToUtc(message.CreatedAt),
        };

        public OutboxMessage ToMessage() => new()
        {
            Id = MessageId,
            RunId = RunId,
            Target = Target,
            Sequence = Sequence,
            Kind = Kind,
            PayloadJson = Payload,
            CreatedAt = StoredTime.FromUtc(CreatedAt),
            Failures = Failures,
            LastError = LastError,
        };
    }
}
