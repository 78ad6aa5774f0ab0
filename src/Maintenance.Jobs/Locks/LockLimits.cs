namespace Maintenance.Jobs.Locks;

/// <summary>How a lock finds holders that are gone. A run that ends in any orderly way gives its locks back itself.</summary>
public sealed record LockLimits
{
    /// <summary>While somebody waits, the holders are looked at so often.</summary>
    public TimeSpan CheckWhileWanted { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>And so often while nobody waits: only the list of locks would be wrong.</summary>
    public TimeSpan CheckWhileQuiet { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// A terminated run's script is stopped by its host, which hears of it by a heartbeat; the lock is kept for so long. A host that is cut
    /// off hears nothing: against it there is the token.
    /// </summary>
    public TimeSpan TerminatedGrace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A run that waits asks again so often, in case somebody ended the lock's workflow, and with it the queue.</summary>
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A run that was started for a host of a quorum, whose place is held above it, waits no longer for a lock: the lock's holder may wait for that place.
    /// </summary>
    public TimeSpan WaitInQuorum { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A lock's history is begun anew after so many events, when it is quiet for a moment.</summary>
    public int HistoryEventsMax { get; init; } = 4_000;
}

/// <summary>What a lock's workflow begins with: its name, and what the execution before it left.</summary>
public sealed record LockStart(LockState State, LockLimits Limits);
