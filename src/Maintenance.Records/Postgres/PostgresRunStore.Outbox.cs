namespace Maintenance.Records;

sealed partial class PostgresRunStore
{
    const string InsertMessages = """
        insert into outbox (message_id, run_id, target, sequence, kind, payload, created_at, not_before)
        select message_id, run_id, target, sequence, kind, payload::json, created_at, created_at
        from json_to_recordset(@Messages::json) as row (
            message_id text, run_id text, target text, sequence integer, kind text, payload text, created_at timestamptz)
        on conflict (message_id) do nothing
        """;

    public override Task EnqueueAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        ExecuteAsync(InsertMessages, new { Messages = StoredJson.Rows(messages.Select(OutboxRow.Of)) }, cancellationToken);

    public override async Task<IReadOnlyList<OutboxMessage>> ClaimOutboxAsync(
        string target, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        // Claimers of one target take turns. With `skip locked` instead, one could get a run's second message while another has the first.
        const string sql = $"""
            select pg_advisory_xact_lock(hashtextextended('outbox:' || @target, 0))::text as ignored;

            with due as (
                select message_id
                from outbox as message
                where {IsDueMessage}
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

        return await _database.RunAsync<IReadOnlyList<OutboxMessage>>(
            async connection =>
            {
                await using var results = await Dapper.SqlMapper.QueryMultipleAsync(
                    connection, new(sql, new { target, limit, now, hiddenUntil = now + lease }, cancellationToken: cancellationToken));
                await results.ReadAsync<string>();
                return [.. (await results.ReadAsync<OutboxRow>()).Select(row => row.ToMessage())];
            },
            cancellationToken);
    }
}
