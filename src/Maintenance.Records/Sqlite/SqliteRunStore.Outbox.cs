using Dapper;

namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    const string InsertMessage = """
        insert into outbox (message_id, run_id, target, sequence, kind, payload, created_at, not_before)
        values (@MessageId, @RunId, @Target, @Sequence, @Kind, @Payload, @CreatedAt, @CreatedAt)
        on conflict (message_id) do nothing
        """;

    public override Task EnqueueAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken) =>
        ExecuteAsync(InsertMessage, messages.Select(OutboxRow.Of), cancellationToken);

    public override Task<IReadOnlyList<OutboxMessage>> ClaimOutboxAsync(
        string target, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        const string sql = $"""
            update outbox
            set not_before = @hiddenUntil
            where message_id in (
                select message_id
                from outbox as message
                where {IsDueMessage}
                order by created_at, run_id, sequence, message_id
                limit @limit)
            returning {MessageColumns}
            """;

        var values = new { target, limit, now, hiddenUntil = now + lease };
        return WriteAsync<IReadOnlyList<OutboxMessage>>(
            async connection =>
            {
                // `returning` has no order.
                var rows = await connection.QueryAsync<OutboxRow>(new CommandDefinition(sql, values, cancellationToken: cancellationToken));
                return
                [
                    .. rows
                        .OrderBy(row => row.CreatedAt)
                        .ThenBy(row => row.RunId, StringComparer.Ordinal)
                        .ThenBy(row => row.Sequence)
                        .ThenBy(row => row.MessageId, StringComparer.Ordinal)
                        .Select(row => row.ToMessage()),
                ];
            },
            durable: true,
            cancellationToken);
    }
}
