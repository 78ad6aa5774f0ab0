namespace Maintenance.Records;

sealed partial class SqliteRunStore
{
    public Task AppendAuditAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        const string sql = """
            insert into audit (audit_id, at, who, verified, action, subject, reason, detail)
            values (@AuditId, @At, @Who, @Verified, @Action, @Subject, @Reason, @Detail)
            on conflict (audit_id) do nothing
            """;

        return ExecuteAsync(sql, AuditRow.Of(record), cancellationToken);
    }

    public async Task<IReadOnlyList<AuditRecord>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        var sql = $"""
            select audit_id, at, who, verified, action, subject, reason, detail
            from audit
            where true
                {(query.Subject is null ? "" : "and subject = @Subject")}
                {(query.Who is null ? "" : "and who = @Who")}
                {(query.Since is null ? "" : "and at >= @since")}
            order by at desc, audit_id desc
            limit @limit
            """;

        var values = new { query.Subject, query.Who, since = StoredTime.ToMicroseconds(query.Since), limit = query.Limit };
        var rows = await ListAsync<AuditRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToAudit())];
    }

    sealed record AuditRow
    {
        public required string AuditId { get; init; }
        public long At { get; init; }
        public required string Who { get; init; }
        public bool Verified { get; init; }
        public required string Action { get; init; }
        public required string Subject { get; init; }
        public string? Reason { get; init; }
        public required string Detail { get; init; }

        public static AuditRow Of(AuditRecord record) => new()
        {
            AuditId = record.Id,
            At = StoredTime.ToMicroseconds(record.At),
            Who = StoredText.Clean(record.Who),
            Verified = record.Verified,
            Action = record.Action,
            Subject = StoredText.Clean(record.Subject),
            Reason = StoredText.CleanOrNull(record.Reason),
            Detail = StoredJson.Text(record.DetailJson),
        };

        public AuditRecord ToAudit() => new()
        {
            Id = AuditId,
            At = StoredTime.FromMicroseconds(At),
            Who = Who,
            Verified = Verified,
            Action = Action,
            Subject = Subject,
            Reason = Reason,
            DetailJson = Detail,
        };
    }
}
