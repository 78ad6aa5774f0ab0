namespace Maintenance.Records;

sealed record ApprovalRow
{
    /// <summary>Only for writing.</summary>
    public string? RunId { get; init; }

    public int Ordinal { get; init; }
    public int Position { get; init; }
    public required string Step { get; init; }
    public required string Message { get; init; }
    public string? EvidenceHash { get; init; }
    public required string Decision { get; init; }
    public string? DecidedBy { get; init; }
    public bool Verified { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public required string Detail { get; init; }

    public static ApprovalRow Of(string runId, ApprovalRecord approval, int ordinal) => new()
    {
        RunId = runId,
        Ordinal = ordinal,
        Position = approval.Position,
        Step = StoredText.Clean(approval.Step),
        Message = StoredText.Clean(approval.Message),
        EvidenceHash = approval.EvidenceHash,
        Decision = StoredWord<ApprovalDecision>.Write(approval.Decision),
        DecidedBy = StoredText.CleanOrNull(approval.By),
        Verified = approval.Verified,
        Reason = StoredText.CleanOrNull(approval.Reason),
        RequestedAt = StoredTime.Of(approval.RequestedAt),
        DecidedAt = StoredTime.Of(approval.DecidedAt),
        ExpiresAt = StoredTime.Of(approval.ExpiresAt),
        Detail = ApprovalDetail.Of(approval),
    };

    public ApprovalRecord ToApproval() => ApprovalDetail.Into(Detail, new()
    {
        Position = Position,
        Step = Step,
        Message = Message,
        EvidenceHash = EvidenceHash,
        Decision = StoredWord<ApprovalDecision>.Read(Decision),
        By = DecidedBy,
        Verified = Verified,
        Reason = Reason,
        RequestedAt = RequestedAt,
        DecidedAt = DecidedAt,
        ExpiresAt = ExpiresAt,
    });
}
