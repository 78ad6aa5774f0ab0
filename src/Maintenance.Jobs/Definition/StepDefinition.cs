using System.Text.Json.Serialization;
using Maintenance.Jobs.Locks;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// One step. Exactly one of <see cref="Run"/>, <see cref="Approval"/>, <see cref="Wait"/>, <see cref="Http"/>, <see cref="Sql"/>,
/// <see cref="Job"/> and <see cref="Activity"/> is set: its kind. A reboot is a run whose <see cref="Restarts"/> is the host.
/// </summary>
public sealed record StepDefinition
{
    public required string Name { get; init; }
    public RunStep? Run { get; init; }
    public ApprovalStep? Approval { get; init; }
    public WaitStep? Wait { get; init; }
    public HttpStep? Http { get; init; }
    public SqlStep? Sql { get; init; }
    public ChildJobStep? Job { get; init; }
    public ActivityStep? Activity { get; init; }

    /// <summary>The step was written as <c>reboot</c>.</summary>
    public bool IsReboot { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = JobDefaults.StepTimeout;
    public RetryPlan Retry { get; init; } = new();
    public bool ContinueOnFailure { get; init; }

    /// <summary>Running it twice does no harm.</summary>
    public bool Idempotent { get; init; }
    public OnUnknown OnUnknown { get; init; } = OnUnknown.Fail;

    /// <summary>A script that takes the effects of this step back; it sees the step's environment.</summary>
    public string? Undo { get; init; }

    /// <summary>The same as a step of any kind.</summary>
    public StepDefinition? UndoStep { get; init; }

    /// <summary>Says that the step proves the job's result: a run in which it did not succeed is not green.</summary>
    public bool Verify { get; init; }

    /// <summary>Runs after each successful attempt; the attempt counts as failed when this one does not succeed.</summary>
    public StepDefinition? Check { get; init; }

    /// <summary>A <see cref="Condition"/>; when it is false, the step is skipped.</summary>
    public string? When { get; init; }

    /// <summary>Name or id of the host that runs the step, a text with references; null means the host that began the run.</summary>
    public string? RunsOn { get; init; }

    /// <summary>One host of this selection runs the step; which one is decided once for a run.</summary>
    public HostSelection? RunsOnAny { get; init; }
    public ForEachPlan? ForEach { get; init; }
    public WindowPlan? Window { get; init; }
    public RestartPlan? Restarts { get; init; }

    /// <summary>Held while the step runs, its retries and its undo included; one that names the item is taken for each target.</summary>
    public IReadOnlyList<LockDefinition> Locks { get; init; } = [];

    [JsonIgnore]
    public string Kind => this switch
    {
        { IsReboot: true } => StepKinds.Reboot,
        { Run: not null } => StepKinds.Run,
        { Approval: not null } => StepKinds.Approval,
        { Http: not null } => StepKinds.Http,
        { Sql: not null } => StepKinds.Sql,
        { Job: not null } => StepKinds.Job,
        { Activity: not null } => StepKinds.Activity,
        _ => StepKinds.Wait,
    };

    public IEnumerable<string> ScriptNames() =>
        new[] { Run?.FileName, Wait?.Command?.FileName, Undo }.OfType<string>()
            .Concat(UndoStep?.ScriptNames() ?? []).Concat(Check?.ScriptNames() ?? []);

    public IEnumerable<string> FileNames() =>
        ScriptNames().Concat(Run?.Files ?? []).Concat(Wait?.Command?.Files ?? []).Concat(Sql?.File is { } file ? [file] : [])
            .Concat(UndoStep?.FileNames() ?? []).Concat(Check?.FileNames() ?? []);
}

public static class StepKinds
{
    public const string Run = "run";
    public const string Approval = "approval";
    public const string Wait = "wait";
    public const string Http = "http";
    public const string Sql = "sql";
    public const string Job = "job";
    public const string Activity = "activity";
    public const string Reboot = "reboot";

    public static readonly IReadOnlyList<string> All = [Run, Approval, Wait, Http, Sql, Job, Activity, Reboot];
}

/// <summary>How often and after which pauses a step is tried; never applied to troubles of the runner itself.</summary>
public sealed record RetryPlan
{
    public int Attempts { get; init; } = 1;
    public TimeSpan Initial { get; init; } = JobDefaults.RetryInitial;
    public double Backoff { get; init; } = JobDefaults.RetryBackoff;
    public TimeSpan Max { get; init; } = JobDefaults.RetryMax;

    /// <summary>0 to 1: each pause is shortened by a random part of this share, so that many hosts do not try at once.</summary>
    public double Jitter { get; init; }

    /// <summary>Exit codes that say that another try is pointless.</summary>
    public IReadOnlyList<int> StopOnExitCodes { get; init; } = [];

    /// <summary>When not empty, only these exit codes are tried again.</summary>
    public IReadOnlyList<int> OnlyOnExitCodes { get; init; } = [];
}

public enum OnUnknown
{
    Fail,
    Retry,
    Ask,
}

/// <summary>
/// When a step may start: between <see cref="From"/> and <see cref="To"/>, and only if by its own history it ends in time.
/// </summary>
public sealed record WindowPlan
{
    /// <summary>Time of day, such as 22:00.</summary>
    public required string From { get; init; }

    /// <summary>Time of day; not after <see cref="From"/> means on the next day.</summary>
    public required string To { get; init; }
    public required string TimeZone { get; init; }

    /// <summary>The days on which it opens, "mon" to "sun"; empty means every day.</summary>
    public IReadOnlyList<string> Days { get; init; } = [];
    public OutsideWindow Outside { get; init; } = OutsideWindow.Wait;
}

public enum OutsideWindow
{
    Wait,
    Skip,
    Fail,
}

/// <summary>What the step's own effect restarts, and how its return is recognised.</summary>
public sealed record RestartPlan
{
    public required RestartedPart Part { get; init; }

    /// <summary>The systemd unit of a service.</summary>
    public string? Unit { get; init; }

    /// <summary>A file with the process id of a service, where there is no unit.</summary>
    public string? PidFile { get; init; }
    public TimeSpan Timeout { get; init; } = JobDefaults.RestartTimeout;
}

public enum RestartedPart
{
    Host,
    Runner,
    Service,
}
