namespace Maintenance.Records;

sealed record OutputRow
{
    public required string ExecutionRunId { get; init; }
    public required string ActivityId { get; init; }
    public DateTimeOffset StoredAt { get; init; }
    public required string Head { get; init; }
    public required string Tail { get; init; }
    public long TotalBytes { get; init; }
    public long CutBytes { get; init; }

    public static OutputRow Of(RunRecord run, AttemptRecord attempt) => new()
    {
        ExecutionRunId = attempt.ExecutionRunId ?? run.RunId,
        ActivityId = attempt.ActivityId,
        StoredAt = StoredTime.Of(run.FinishedAt ?? run.StartedAt),
        Head = StoredText.Clean(attempt.Output?.Head ?? ""),
        Tail = StoredText.Clean(attempt.Output?.Tail ?? ""),
        TotalBytes = attempt.Output?.TotalBytes ?? 0,
        CutBytes = attempt.Output?.CutBytes ?? 0,
    };

    public AttemptOutput ToOutput() => new() { Head = Head, Tail = Tail, TotalBytes = TotalBytes, CutBytes = CutBytes };
}
