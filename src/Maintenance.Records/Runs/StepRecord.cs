using System.Text.Json.Serialization;

namespace Maintenance.Records;

[JsonConverter(typeof(JsonStringEnumConverter<StepStatus>))]
public enum StepStatus
{
    /// <summary>Not reached.</summary>
    Pending,
    Running,
    Succeeded,
    Failed,

    /// <summary>Its `when` was false, or an earlier step failed.</summary>
    Skipped,
    Cancelled,
    TimedOut,

    /// <summary>It ran, and nobody can know how it ended.</summary>
    Unknown,
}

/// <summary>Which list of job.json the step came from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepPart>))]
public enum StepPart
{
    Main,
    Finally,
    Undo,
}

/// <summary>One step of a run.</summary>
public sealed record StepRecord
{
    /// <summary>Counts from 1 over the whole run, undo and finally steps included; the step's key within the run.</summary>
    public required int Position { get; init; }
    public required string Name { get; init; }

    /// <summary>The step kind as job.json spells it: run, approval, wait, http, sql, job, activity, reboot.</summary>
    public required string Kind { get; init; }
    public StepPart Part { get; init; }
    public required StepStatus Status { get; init; }

    /// <summary>Null when it was never started.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? Reason { get; init; }
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];

    [JsonIgnore]
    public TimeSpan? Duration => FinishedAt - StartedAt;
}
