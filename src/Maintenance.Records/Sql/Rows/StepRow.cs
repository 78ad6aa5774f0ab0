namespace Maintenance.Records;

sealed record StepRow
{
    /// <summary>Only for writing.</summary>
    public string? RunId { get; init; }

    public int Position { get; init; }
    public required string Name { get; init; }
    public required string Kind { get; init; }
    public required string Part { get; init; }
    public required string Status { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? Reason { get; init; }
    public required string Outputs { get; init; }

    public static StepRow Of(string runId, StepRecord step) => new()
    {
        RunId = runId,
        Position = step.Position,
        Name = StoredText.Clean(step.Name),
        Kind = StoredText.Clean(step.Kind),
        Part = StoredWord<StepPart>.Write(step.Part),
        Status = StoredWord<StepStatus>.Write(step.Status),
        StartedAt = StoredTime.Of(step.StartedAt),
        FinishedAt = StoredTime.Of(step.FinishedAt),
        Reason = StoredText.CleanOrNull(step.Reason),
        Outputs = StoredJson.Dictionary(step.Outputs),
    };

    public StepRecord ToStep(IReadOnlyList<AttemptRecord> attempts) => new()
    {
        Position = Position,
        Name = Name,
        Kind = Kind,
        Part = StoredWord<StepPart>.Read(Part),
        Status = StoredWord<StepStatus>.Read(Status),
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        Reason = Reason,
        Outputs = StoredJson.ToDictionary(Outputs),
        Attempts = attempts,
    };
}
