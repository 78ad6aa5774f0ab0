using System.Text.Json.Serialization;

namespace Maintenance.Records;

/// <summary>How a run stands. Everything but <see cref="Running"/> is final.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus
{
    Running,
    Succeeded,
    Failed,
    Cancelled,
    TimedOut,
    Terminated,

    /// <summary>Decided in <c>begin</c>: not due, too late or merged into another run; <see cref="RunRecord.Reason"/> says which.</summary>
    Skipped,
}

/// <summary>Why the run exists.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunCause>))]
public enum RunCause
{
    /// <summary>A due time of a schedule.</summary>
    Schedule,

    /// <summary>A due time that passed while nothing could start it.</summary>
    CatchUp,
    Backfill,

    /// <summary>Somebody started it: command line, dashboard, Temporal UI.</summary>
    Manual,

    /// <summary>A `job` step of another run.</summary>
    Child,
}

/// <summary>One run of one job with everything that happened in it; what the workflow's <c>finish</c> hands over.</summary>
public sealed record RunRecord
{
    /// <summary>Temporal's run id of the first execution; stays the same over continue-as-new.</summary>
    public required string RunId { get; init; }
    public required string WorkflowId { get; init; }
    public required string Job { get; init; }
    public string Installation { get; init; } = "default";

    /// <summary>Null when no schedule started it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The nominal time of the occurrence, null for a run that is none.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public required RunCause Cause { get; init; }

    /// <summary>Who asked for it; null for a schedule.</summary>
    public string? Requester { get; init; }

    /// <summary>True when a token proved the requester; a name that came with a signal or from the Temporal UI proves nothing.</summary>
    public bool RequesterVerified { get; init; }

    /// <summary>The run that started this one by a `job` step.</summary>
    public string? ParentRunId { get; init; }

    public string? BundleHash { get; init; }
    public string? GitCommit { get; init; }
    public required RunStatus Status { get; init; }

    /// <summary>One line: what happened and what to do next. Null when all went well.</summary>
    public string? Reason { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Null exactly while <see cref="Status"/> is <see cref="RunStatus.Running"/>.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The stored id of the host that began the run.</summary>
    public string? HostId { get; init; }
    public string? HostName { get; init; }
    public string InputJson { get; init; } = "{}";
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Version of the time zone data that <c>begin</c> decided with.</summary>
    public string? TimeZoneVersion { get; init; }
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];
    public IReadOnlyList<ApprovalRecord> Approvals { get; init; } = [];

    /// <summary>Those of the run first, then those of its steps.</summary>
    public IReadOnlyList<LockRecord> Locks { get; init; } = [];

    /// <summary>What people did to the run, in order.</summary>
    public IReadOnlyList<RunAction> Actions { get; init; } = [];

    [JsonIgnore]
    public TimeSpan? Duration => FinishedAt - StartedAt;
}
