namespace Maintenance.Records;

abstract partial class SqlRunStore
{
    public Task AppendAuditAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var sql = $"""
            insert into audit (audit_id, at, who, verified, action, subject, reason, detail)
            values (@AuditId, @At, @Who, @Verified, @Action, @Subject, @Reason, @Detail{AsJson})
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

        var values = new { query.Subject, query.Who, since = query.Since, limit = query.Limit };
        var rows = await ListAsync<AuditRow>(sql, values, cancellationToken);
        return [.. rows.Select(row => row.ToAudit())];
    }
}
