using Microsoft.Extensions.Logging;

namespace Temporal.Engine;

/// <summary>Something with one next due time: a workflow run, a schedule, a sweep.</summary>
interface ITimed
{
    /// <summary>Place in the heap, kept by <see cref="TimerQueue"/>; -1 when not in it.</summary>
    int HeapIndex { get; set; }

    /// <summary>When it is due. Changed only through <see cref="TimerQueue.Set"/>.</summary>
    DateTime Due { get; set; }

    /// <summary>Does what is due and sets the next due time, on the loop. An exception takes back what it changed.</summary>
    void Fire(EngineTransaction tx);
}

/// <summary>
/// All due times in one binary heap; each owner is in it once and knows its place, so that moving or removing it is
/// logarithmic and no stale entries pile up behind long timeouts.
/// </summary>
sealed class TimerQueue(TimeProvider time, ILogger log)
{
    static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(5);

    readonly List<ITimed> _heap = [];

    public DateTime? NextDue => _heap.Count == 0 ? null : _heap[0].Due;

    public void Set(ITimed timed, DateTime? due)
    {
        if (due is null)
        {
            Remove(timed);
            return;
        }

        if (timed.HeapIndex < 0)
        {
            timed.HeapIndex = _heap.Count;
            timed.Due = due.Value;
            _heap.Add(timed);
            Up(timed.HeapIndex);
            return;
        }

        timed.Due = due.Value;
        Up(timed.HeapIndex);
        Down(timed.HeapIndex);
    }

    public void Remove(ITimed timed)
    {
        var index = timed.HeapIndex;
        if (index < 0)
            return;
        timed.HeapIndex = -1;
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (ReferenceEquals(last, timed))
            return;
        _heap[index] = last;
        last.HeapIndex = index;
        Up(index);
        Down(last.HeapIndex);
    }

    public void FireDue(EngineTransaction tx)
    {
        while (_heap.Count > 0 && _heap[0].Due <= tx.Now)
        {
            tx.BeginCommand();
            var timed = _heap[0];
            var due = timed.Due;
            tx.OnRollBack(() => Set(timed, due));
            // Out of the heap first: what Fire does not set again is over.
            Remove(timed);
            timed.Fire(tx);
        }
    }

    /// <summary>After a failure while firing: each alone, so that one broken owner cannot hold up the others.</summary>
    public void FireDueOneByOne(EngineState state, Action<EngineTransaction> commit)
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var timed in _heap.Where(timed => timed.Due <= now).ToList())
        {
            if (timed.HeapIndex >= 0)
                FireAlone(timed, state, commit);
        }

        // Those that are still due have failed again.
        foreach (var timed in _heap.Where(timed => timed.Due <= now).ToList())
            Set(timed, now + RetryAfterFailure);
    }

    void FireAlone(ITimed timed, EngineState state, Action<EngineTransaction> commit)
    {
        var tx = new EngineTransaction(state);
        var due = timed.Due;
        tx.OnRollBack(() => Set(timed, due));
        Remove(timed);
        try
        {
            timed.Fire(tx);
            tx.Settle();
        }
        catch (Exception failure)
        {
            EngineLog.TimerFailed(log, RetryAfterFailure, failure);
            tx.RollBack();
            return;
        }

        commit(tx);
    }

    void Up(int index)
    {
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (_heap[parent].Due <= _heap[index].Due)
                return;
            Swap(index, parent);
            index = parent;
        }
    }

    void Down(int index)
    {
        while (true)
        {
            var child = (2 * index) + 1;
            if (child >= _heap.Count)
                return;
            if (child + 1 < _heap.Count && _heap[child + 1].Due < _heap[child].Due)
                child++;
            if (_heap[index].Due <= _heap[child].Due)
                return;
            Swap(index, child);
            index = child;
        }
    }

    void Swap(int a, int b)
    {
        (_heap[a], _heap[b]) = (_heap[b], _heap[a]);
        _heap[a].HeapIndex = a;
        _heap[b].HeapIndex = b;
    }
}
