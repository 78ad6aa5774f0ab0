namespace Temporal.Engine;

/// <summary>
/// Gives memory back when a busy time is over: what the runtime keeps for the next burst is several times what waiting workflows
/// need, and an engine may wait for days. Belongs to the loop.
/// </summary>
sealed class IdleTrim(TimeProvider time)
{
    static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(10);

    /// <summary>Less work than this leaves nothing worth a collection.</summary>
    const long CommitsMin = 2_000;

    long _trimmedAt;
    long _seen;
    long _seenAt;

    /// <summary>About every second, with the number of commits so far.</summary>
    public void Look(long commits)
    {
        if (commits != _seen)
        {
            (_seen, _seenAt) = (commits, time.GetTimestamp());
            return;
        }

        if (commits - _trimmedAt < CommitsMin || time.GetElapsedTime(_seenAt) < IdleFor)
            return;
        _trimmedAt = commits;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
