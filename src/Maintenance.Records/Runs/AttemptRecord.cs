using System.Text.Json.Serialization;

namespace Maintenance.Records;

[JsonConverter(typeof(JsonStringEnumConverter<AttemptOutcome>))]
public enum AttemptOutcome
{
    Succeeded,

    /// <summary>The script ended with a non-zero exit code or by a signal.</summary>
    Failed,
    TimedOut,
    Cancelled,

    /// <summary>It was started, and its end left no trace.</summary>
    Unknown,

    /// <summary>The runner could not do its part (spawn refused, disk full, host silent); not counted against the step's retries.</summary>
    RunnerError,
}

/// <summary>How the result came to be known.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptRecovery>))]
public enum AttemptRecovery
{
    /// <summary>The plain case: the worker that started the script saw it end.</summary>
    Started,

    /// <summary>A later worker or dispatch found the script alive and waited for it.</summary>
    Adopted,

    /// <summary>The script had ended, and left its status, before anybody asked again.</summary>
    EndedBeforeRetry,

    /// <summary>Nothing was found that tells.</summary>
    Unknown,
}

/// <summary>What guaranteed that nothing of the script lived on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Containment>))]
public enum Containment
{
    /// <summary>No process was started.</summary>
    None,

    /// <summary>A delegated cgroup: nothing can escape.</summary>
    Cgroup,

    /// <summary>Session, process group and environment marker: all but a process that hides on purpose.</summary>
    BestEffort,
}

/// <summary>One try of a step.</summary>
public sealed record AttemptRecord
{
    /// <summary>Counts from 1 within the step.</summary>
    public required int Number { get; init; }

    /// <summary>The Temporal execution the activity belonged to; null means the run's first one.</summary>
    public string? ExecutionRunId { get; init; }
    public required string ActivityId { get; init; }
    public required AttemptOutcome Outcome { get; init; }
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }

    /// <summary>True when a shell's 128+n may be an exit code or a signal.</summary>
    public bool ExitUnsure { get; init; }
    public string? HostId { get; init; }
    public string? HostName { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public AttemptRecovery Recovery { get; init; }
    public Containment Containment { get; init; }

    /// <summary>One line for outcomes that the exit code does not explain.</summary>
    public string? Reason { get; init; }

    /// <summary>Kept in a table of its own, so that it can be deleted earlier than the attempt; null when it was.</summary>
    public AttemptOutput? Output { get; init; }

    [JsonIgnore]
    public TimeSpan? Duration => FinishedAt - StartedAt;
}

/// <summary>What a script wrote to stdout and stderr, as text, redacted before it left the host.</summary>
public sealed record AttemptOutput
{
    /// <summary>The first part; all of it when <see cref="CutBytes"/> is 0.</summary>
    public string Head { get; init; } = "";

    /// <summary>The last part, empty when nothing was cut.</summary>
    public string Tail { get; init; } = "";

    /// <summary>What the script wrote in all.</summary>
    public long TotalBytes { get; init; }

    /// <summary>What is in neither head nor tail.</summary>
    public long CutBytes { get; init; }
}
