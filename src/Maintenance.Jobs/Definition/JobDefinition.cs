using Maintenance.Jobs.Locks;

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

    /// <summary>
    /// What the run as a whole gives: to its record, and to a <c>job</c> step that started it. Name to text with references.
    /// </summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
    public TimeSpan Timeout { get; init; } = JobDefaults.RunTimeout;
    public required IReadOnlyList<StepDefinition> Steps { get; init; }
    public IReadOnlyList<StepDefinition> Finally { get; init; } = [];

    /// <summary>Held from before the first step until after the last of <see cref="Finally"/>.</summary>
    public IReadOnlyList<LockDefinition> Locks { get; init; } = [];

    /// <summary>True when a step chooses hosts by the inventory, which then is part of the job's bundle.</summary>
    public bool NeedsInventory => Steps.Concat(Finally).Any(s => s.ForEach?.Hosts is not null || s.RunsOnAny is not null);

    /// <summary>Every script of the job's folder that a step names.</summary>
    public IEnumerable<string> ScriptNames() => Steps.Concat(Finally).SelectMany(s => s.ScriptNames()).Distinct();

    /// <summary>Every file of the job's folder that a step names: scripts, undo scripts and further files.</summary>
    public IEnumerable<string> FileNames() => Steps.Concat(Finally).SelectMany(s => s.FileNames()).Distinct();
}

public enum InputType
{
    String,
    Int,
    Bool,
    Duration,
    Secret,
    Number,
    Date,
    List,
    Enum,
}

public sealed record InputDefinition
{
    public required string Name { get; init; }
    public required InputType Type { get; init; }

    /// <summary>As scripts will see it (a list as JSON); null when the input must be given.</summary>
    public string? Default { get; init; }

    /// <summary>The allowed values; of a list, the allowed items.</summary>
    public IReadOnlyList<string> Enum { get; init; } = [];
    public string? Pattern { get; init; }

    /// <summary>
    /// In the unit of <see cref="InputRules.Measure"/>: the number itself, seconds, days since 0001-01-01, items of a list.
    /// </summary>
    public double? Min { get; init; }
    public double? Max { get; init; }
    public string Description { get; init; } = "";
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

    /// <summary>Between two looks at a condition.</summary>
    public static readonly TimeSpan WaitInterval = TimeSpan.FromSeconds(30);

    /// <summary>A condition that is not met for so long ends the wait.</summary>
    public static readonly TimeSpan WaitTimeout = TimeSpan.FromHours(1);

    /// <summary>A host, a service or the runner that is not back after so long leaves the step unknown.</summary>
    public static readonly TimeSpan RestartTimeout = TimeSpan.FromMinutes(15);
    public const int HttpBytesMax = 1024 * 1024;
    public const int SqlRowsMax = 1000;
}
