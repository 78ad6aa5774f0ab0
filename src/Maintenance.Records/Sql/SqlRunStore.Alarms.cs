namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    public Task RaiseAlarmAsync(Alarm alarm, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into alarm (installation, name, message, since, seen_at)
            values (@Installation, @Name, @message, @since, @seenAt)
            on conflict (installation, name) do update set message = excluded.message, seen_at = excluded.seen_at
            """;

        var values = new
        {
            alarm.Installation, alarm.Name, message = StoredText.Clean(alarm.Message), since = alarm.Since, seenAt = alarm.SeenAt,
        };
        return ExecuteAsync(sql, values, cancellationToken);
    }

    public Task ClearAlarmAsync(string installation, string name, CancellationToken cancellationToken) =>
        ExecuteAsync(
            "delete from alarm where installation = @installation and name = @name", new { installation, name }, cancellationToken);

    public async Task<IReadOnlyList<Alarm>> ListAlarmsAsync(string installation, CancellationToken cancellationToken)
    {
        const string sql = """
            select name, message, since, seen_at
            from alarm
            where installation = @installation
            order by since, name
            """;

        var rows = await ListAsync<AlarmRow>(sql, new { installation }, cancellationToken);
        return
        [
            .. rows.Select(row => new Alarm
            {
                Installation = installation, Name = row.Name, Message = row.Message, Since = row.Since, SeenAt = row.SeenAt,
            }),
        ];
    }

    public async Task<bool> TryTakeLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into lease (name, holder, expires_at)
            values (@name, @holder, @expiresAt)
            on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
            where lease.holder = excluded.holder or lease.expires_at <= @now
            """;

        var values = new { name, holder, now, expiresAt = now + duration };
        return await ExecuteAsync(sql, values, cancellationToken) > 0;
    }

    public Task ReleaseLeaseAsync(string name, string holder, CancellationToken cancellationToken) =>
        ExecuteAsync("delete from lease where name = @name and holder = @holder", new { name, holder }, cancellationToken);
}
