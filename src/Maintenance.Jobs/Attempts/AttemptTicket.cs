using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// What the worker notes before it starts anything. Boot and pid namespace say whether a process id in this folder still means anything.
/// </summary>
sealed record AttemptTicket
{
    /// <summary>Raised when an older worker would read the folder wrongly. Members may be added without.</summary>
    public const int NewestFormat = 1;

    public int Format { get; init; } = NewestFormat;
    public required string Job { get; init; }
    public required string Step { get; init; }
    public required int Attempt { get; init; }
    public required string RunId { get; init; }
    public required string ActivityId { get; init; }
    public required string WorkflowId { get; init; }
    public required HostEra Era { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required TimeSpan Timeout { get; init; }
    public required TimeSpan StopGrace { get; init; }
    public required int OutputBytesMax { get; init; }
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    /// <summary>By which a value that was changed since the start is noticed; see <see cref="AttemptSecrets"/>.</summary>
    public IReadOnlyDictionary<string, string> Fingerprints { get; init; } = new Dictionary<string, string>();
    public string? Cgroup { get; init; }

    /// <summary>The folder outside this one where the script may write, for a script that runs as another user.</summary>
    public string? Home { get; init; }
    public StepLimits? Limits { get; init; }

    /// <summary>What the record shall say about how the script was started.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public AttemptKey Key => new(RunId, ActivityId);
}
