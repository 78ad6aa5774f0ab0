using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>Something that one version of a schedule has to say about an instant, or a run that no version explains.</summary>
sealed record LedgerEvent(string ScheduleId, DateTimeOffset DueAt, ScheduleVersion? Version, TimingEvent Event)
{
    public TimingEventKind Kind => Event.Kind;

    /// <summary>What else the clock did at this instant: local times that were lost right before it.</summary>
    public string? Also { get; init; }
}

/// <summary>One version of a schedule with the time in which it was in force.</summary>
sealed record ScheduleVersion(AppliedSchedule Applied, Schedule Schedule)
{
    public bool InForceAt(DateTimeOffset at) => Applied.AppliedAt <= at && (Applied.ReplacedAt is not { } end || at < end);
}

/// <summary>How the server has a schedule now, looked at because a due time has no run.</summary>
sealed record ServerView
{
    public bool Exists { get; init; }
    public bool Paused { get; init; }
    public string? Note { get; init; }

    /// <summary>When it was created or last changed.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Workflow ids of the runs that it started since the due time in question.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Started { get; init; } = new Dictionary<string, DateTimeOffset>();
}

/// <summary>Everything that is known around the due times of one schedule.</summary>
sealed record LedgerEvidence
{
    public IReadOnlyList<ScheduledRun> Runs { get; init; } = [];
    public IReadOnlyList<ScheduleHold> Holds { get; init; } = [];
    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>Null: not looked at.</summary>
    public ServerView? Server { get; init; }
}
