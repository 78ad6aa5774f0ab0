namespace Temporal.Engine;

/// <summary>A caller that waits for the next events of a run.</summary>
sealed class HistoryWaiter
{
    // Waited for by Waits.For only, which leaves the loop's thread by itself.
    readonly TaskCompletionSource _changed = new();
    volatile bool _hasLeft;

    public Task Changed => _changed.Task;

    /// <summary>It waits no longer, with or without news. Said on the caller's thread, seen by the loop.</summary>
    public bool HasLeft => _hasLeft;

    public void Tell() => _changed.TrySetResult();

    public void Leave() => _hasLeft = true;
}
