namespace Maintenance.Records;

sealed record AuditRow
{
    public required string AuditId { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Who { get; init; }
    public bool Verified { get; init; }
    public required string Action { get; init; }
    public required string Subject { get; init; }
    public string? Reason { get; init; }
    public required string Detail { get; init; }

    public static AuditRow Of(AuditRecord record) => new()
    {
        AuditId = record.Id,
        At = StoredTime.Of(record.At),
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
        At = At,
        Who = Who,
        Verified = Verified,
        Action = Action,
        Subject = Subject,
        Reason = Reason,
        DetailJson = Detail,
    };
}
