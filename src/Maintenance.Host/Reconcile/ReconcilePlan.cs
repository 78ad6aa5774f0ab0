using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

enum ChangeKind
{
    Create,
    Update,
    Delete,
    Unchanged,

    /// <summary>A schedule of that id exists and belongs to somebody else.</summary>
    Refused,
}

/// <summary>What happens to one schedule, and why. <paramref name="Differences"/> are for people.</summary>
sealed record ScheduleChange(ChangeKind Kind, string Id, DesiredSchedule? Desired, IReadOnlyList<string> Differences)
{
    /// <summary>It is paused on the server; apply keeps an operator's pause.</summary>
    public bool Paused { get; init; }

    /// <summary>The server's note, which says who paused it and why.</summary>
    public string? Note { get; init; }

    /// <summary>What it does to the due times of the coming <see cref="Planner.EffectDays"/> days; null for what does not change.</summary>
    public DueTimeChanges? Effect { get; init; }

    /// <summary>Our record says that it was applied as it is now, so nothing has to be written.</summary>
    public bool Recorded { get; init; }
}

/// <summary>The effect that <c>apply</c> would have. Nothing outside of it is ever touched.</summary>
sealed record ReconcilePlan(DesiredState Desired, IReadOnlyList<ScheduleChange> Changes, IReadOnlyList<string> JobsRemoved)
{
    public IEnumerable<ScheduleChange> Of(ChangeKind kind) => Changes.Where(c => c.Kind == kind);

    public bool HasRefused => Of(ChangeKind.Refused).Any();

    public bool HasChanges => Changes.Any(c => c.Kind is ChangeKind.Create or ChangeKind.Update or ChangeKind.Delete) || JobsRemoved.Count > 0 || JobsChanged.Count > 0;

    /// <summary>Jobs whose current bundle is not the one of the files.</summary>
    public IReadOnlyList<string> JobsChanged { get; init; } = [];
}

/// <summary>Who applies what, and to which workers the runs go.</summary>
sealed record ReconcilerOptions
{
    /// <summary>Owner of the schedules: stands in each schedule's memo, which no update can change.</summary>
    public required string Installation { get; init; }

    public string TaskQueue { get; init; } = "maintenance";

    public string? GitCommit { get; init; }

    public string AppliedBy { get; init; } = "apply";

    /// <summary>Calls to the server at the same time.</summary>
    public int Parallel { get; init; } = 16;
}
