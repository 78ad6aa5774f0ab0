namespace Maintenance.Records;

/// <summary>How far the ledger is: every due time up to <see cref="AccountedUntil"/> has its row.</summary>
public sealed record LedgerState(DateTimeOffset AccountedUntil, DateTimeOffset SeenAt);

/// <summary>A stretch of time in which nobody kept the ledger.</summary>
public sealed record Outage
{
    public required DateTimeOffset BeganAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>What is known about it, as a part of a sentence: "nothing ran here".</summary>
    public required string Reason { get; init; }
}

/// <summary>One step of the ledger: rows and how far they reach, all or nothing.</summary>
public sealed record LedgerWrite
{
    public string Installation { get; init; } = "default";

    /// <summary>
    /// What the writer believes to be there; null: nothing yet. When it is not so, somebody else wrote, and nothing is written.
    /// </summary>
    public required DateTimeOffset? From { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>Rows that became part of another one.</summary>
    public IReadOnlyList<OccurrenceKey> Merged { get; init; } = [];
    public IReadOnlyList<OccurrenceRecord> Rows { get; init; } = [];
    public Outage? Outage { get; init; }
}

/// <summary>Names one row of an installation's ledger.</summary>
public sealed record OccurrenceKey(string ScheduleId, DateTimeOffset DueAt);

/// <summary>What the ledger needs to know of a run.</summary>
public sealed record ScheduledRun
{
    public required string RunId { get; init; }
    public required string WorkflowId { get; init; }
    public required string ScheduleId { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public required RunCause Cause { get; init; }
    public required RunStatus Status { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
}
