namespace Maintenance.Records;

sealed record AttemptRow
{
    /// <summary>Only for writing.</summary>
    public string? RunId { get; init; }

    public int Position { get; init; }
    public int Number { get; init; }
    public required string ExecutionRunId { get; init; }
    public required string ActivityId { get; init; }
    public required string Outcome { get; init; }
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }
    public bool ExitUnsure { get; init; }
    public string? HostId { get; init; }
    public string? HostName { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required string Recovery { get; init; }
    public required string Containment { get; init; }
    public string? Reason { get; init; }

    /// <summary>Null when there is no row in attempt_output.</summary>
    public string? Head { get; init; }
    public string? Tail { get; init; }
    public long? TotalBytes { get; init; }
    public long? CutBytes { get; init; }

    public static AttemptRow Of(string runId, int position, AttemptRecord attempt) => new()
    {
        RunId = runId,
        Position = position,
        Number = attempt.Number,
        ExecutionRunId = attempt.ExecutionRunId ?? runId,
        ActivityId = attempt.ActivityId,
        Outcome = StoredWord<AttemptOutcome>.Write(attempt.Outcome),
        ExitCode = attempt.ExitCode,
        Signal = attempt.Signal,
        ExitUnsure = attempt.ExitUnsure,
        HostId = attempt.HostId,
        HostName = StoredText.CleanOrNull(attempt.HostName),
        StartedAt = StoredTime.Of(attempt.StartedAt),
        FinishedAt = StoredTime.Of(attempt.FinishedAt),
        Recovery = StoredWord<AttemptRecovery>.Write(attempt.Recovery),
        Containment = StoredWord<Containment>.Write(attempt.Containment),
        Reason = StoredText.CleanOrNull(attempt.Reason),
    };

    public AttemptRecord ToAttempt(string runId) => new()
    {
        Number = Number,
        ExecutionRunId = ExecutionRunId == runId ? null : ExecutionRunId,
        ActivityId = ActivityId,
        Outcome = StoredWord<AttemptOutcome>.Read(Outcome),
        ExitCode = ExitCode,
        Signal = Signal,
        ExitUnsure = ExitUnsure,
        HostId = HostId,
        HostName = HostName,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        Recovery = StoredWord<AttemptRecovery>.Read(Recovery),
        Containment = StoredWord<Containment>.Read(Containment),
        Reason = Reason,
        Output = Head is null
            ? null
            : new() { Head = Head, Tail = Tail ?? "", TotalBytes = TotalBytes ?? 0, CutBytes = CutBytes ?? 0 },
    };
}
