namespace Maintenance.Jobs.Definition;

/// <summary>
/// A job as job.json declares it, checked: nothing in it can be wrong any more. It travels in the run's history, so members may be added
/// but never change their meaning.
/// </summary>
public sealed record JobDefinition
{
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public IReadOnlyList<InputDefinition> Input { get; init; } = [];
    public TimeSpan Timeout { get; init; } = JobDefaults.RunTimeout;
    public required IReadOnlyList<StepDefinition> Steps { get; init; }
    public IReadOnlyList<StepDefinition> Finally { get; init; } = [];

    /// <summary>Every file of the job's folder that a step names: scripts, undo scripts and further files.</summary>
    public IEnumerable<string> FileNames() =>
        Steps.Concat(Finally).SelectMany(s => (string?[])[s.Run?.Script, s.Undo, .. s.Run?.Files ?? []]).OfType<string>().Distinct();
}

/// <summary>Exactly one of <see cref="Run"/>, <see cref="Approval"/> and <see cref="Wait"/> is set: the kind of the step.</summary>
public sealed record StepDefinition
{
    public required string Name { get; init; }
    public RunStep? Run { get; init; }
    public ApprovalStep? Approval { get; init; }
    public WaitStep? Wait { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = JobDefaults.StepTimeout;
    public RetryPlan Retry { get; init; } = new();
    public bool ContinueOnFailure { get; init; }

    /// <summary>Running it twice does no harm.</summary>
    public bool Idempotent { get; init; }
    public OnUnknown OnUnknown { get; init; } = OnUnknown.Fail;

    /// <summary>A script that takes the effects of this step back; it sees the step's environment.</summary>
    public string? Undo { get; init; }

    /// <summary>Says that the step proves the job's result; shown as such.</summary>
    public bool Verify { get; init; }

    public string Kind => Run is not null ? StepKinds.Run : Approval is not null ? StepKinds.Approval : StepKinds.Wait;
}

public sealed record RunStep
{
    public required string Script { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<string> Files { get; init; } = [];
    public TimeSpan StopGrace { get; init; } = JobDefaults.StopGrace;

    /// <summary>Id of the host whose queue gets the step; null means the host that began the run.</summary>
    public string? RunsOn { get; init; }
}

public sealed record ApprovalStep
{
    public required string Message { get; init; }
    public TimeSpan Timeout { get; init; } = JobDefaults.ApprovalTimeout;

    /// <summary>Nobody answering in time lets the run go on instead of failing it.</summary>
    public bool ContinueOnTimeout { get; init; }
}

public sealed record WaitStep
{
    public required TimeSpan For { get; init; }
}

/// <summary>How often and after which pauses a step is tried; never applied to troubles of the runner itself.</summary>
public sealed record RetryPlan
{
    public int Attempts { get; init; } = 1;
    public TimeSpan Initial { get; init; } = JobDefaults.RetryInitial;
    public double Backoff { get; init; } = JobDefaults.RetryBackoff;
    public TimeSpan Max { get; init; } = JobDefaults.RetryMax;

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

public enum InputType
{
    String,
    Int,
    Bool,
    Duration,
    Secret,
}

public sealed record InputDefinition
{
    public required string Name { get; init; }
    public required InputType Type { get; init; }

    /// <summary>As scripts will see it; null when the input must be given.</summary>
    public string? Default { get; init; }
    public IReadOnlyList<string> Enum { get; init; } = [];
    public string? Pattern { get; init; }
    public long? Min { get; init; }
    public long? Max { get; init; }
    public string Description { get; init; } = "";
}

public static class StepKinds
{
    public const string Run = "run";
    public const string Approval = "approval";
    public const string Wait = "wait";

    public static readonly IReadOnlyList<string> Built = [Run, Approval, Wait];

    /// <summary>Named in the design and not there yet: refused by name, so that nobody looks for a typing slip.</summary>
    public static readonly IReadOnlyList<string> Later = ["http", "sql", "job", "activity", "reboot"];
}

public static class JobDefaults
{
    public static readonly TimeSpan RunTimeout = TimeSpan.FromHours(24);
    public static readonly TimeSpan StepTimeout = TimeSpan.FromHours(1);
    public static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ApprovalTimeout = TimeSpan.FromDays(7);
    public static readonly TimeSpan RetryInitial = TimeSpan.FromSeconds(10);
    public const double RetryBackoff = 2;
    public static readonly TimeSpan RetryMax = TimeSpan.FromMinutes(5);

    /// <summary>A host that does not take a step for so long leaves the attempt unknown.</summary>
    public static readonly TimeSpan HostTimeout = TimeSpan.FromMinutes(5);
}
