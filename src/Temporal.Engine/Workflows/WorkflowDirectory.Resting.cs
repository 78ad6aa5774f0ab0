using Temporal.Engine.Stored;

namespace Temporal.Engine;

/// <summary>
/// Open runs in which nothing is under way leave memory: what stays of them is a name and a due time. Whoever asks for one gets it
/// folded from the store. So ten thousand workflows that wait cost little, and a start does not read their histories.
/// </summary>
sealed partial class WorkflowDirectory
{
    /// <summary>Shorter than the engine waits before it gives memory back (<see cref="IdleTrim"/>).</summary>
    static readonly TimeSpan RestAfter = TimeSpan.FromSeconds(5);

    readonly Dictionary<(string NamespaceId, string WorkflowId), RestingRun> _resting = [];

    // Runs in memory that may rest when nobody has used them for a while, longest unused first.
    readonly Queue<(WorkflowRun Run, long UsedAt)> _unused = new();

    /// <summary>All open runs, in memory. For tests.</summary>
    public IEnumerable<WorkflowRun> Open
    {
        get
        {
            foreach (var key in _resting.Keys.ToList())
                Wake(key);
            return _open.Values;
        }
    }

    void NoteUse(WorkflowRun run)
    {
        run.UsedAt = state.Time.GetTimestamp();
        if (run.IsNotedUnused || !run.CanRest)
            return;
        run.IsNotedUnused = true;
        _unused.Enqueue((run, run.UsedAt));
    }

    /// <summary>Puts aside what was not used for a while. On the loop, outside of a transaction.</summary>
    public void PutUnusedAside()
    {
        while (_unused.TryPeek(out var first) && state.Time.GetElapsedTime(first.UsedAt) >= RestAfter)
        {
            var (run, usedAt) = _unused.Dequeue();
            run.IsNotedUnused = false;
            if (!run.IsOpen || run.IsDetached)
                continue;
            if (run.UsedAt == usedAt && run.MayLeaveMemory)
                PutAside(run);
            else
                NoteUse(run);
        }
    }

    void PutAside(WorkflowRun run)
    {
        var due = run.NextDue();
        run.IsDetached = true;
        run.SetTimer(state.Timers);
        _open.Remove((run.Namespace.Id, run.WorkflowId));
        PutAside(run.Key, (run.Namespace.Id, run.WorkflowId), due);
    }

    void PutAside(long runKey, (string NamespaceId, string WorkflowId) workflow, DateTime? due)
    {
        var resting = new RestingRun(this, runKey, workflow);
        _resting[workflow] = resting;
        state.Timers.Set(resting, due);
    }

    /// <summary>False when something is under way in it.</summary>
    bool TryPutAside(StoredRun stored)
    {
        var side = SideRecord.Parser.ParseFrom(stored.SideRecord);
        if (side.Rests)
            PutAside(stored.Key, (stored.NamespaceId, stored.WorkflowId), side.NextDue?.ToDateTime());
        return side.Rests;
    }

    WorkflowRun? Wake((string NamespaceId, string WorkflowId) workflow)
    {
        if (!_resting.TryGetValue(workflow, out var resting))
            return null;
        // Read before it is forgotten: a read may fail.
        var run = state.Store.FindRun(resting.RunKey) is { } stored ? Fold(stored) : null;
        _resting.Remove(workflow);
        state.Timers.Remove(resting);
        if (run is null)
            return null;
        _open[workflow] = run;
        run.SetTimer(state.Timers);
        NoteUse(run);
        return run;
    }

    /// <summary>What is in memory of a run at rest.</summary>
    sealed class RestingRun(WorkflowDirectory directory, long runKey, (string NamespaceId, string WorkflowId) workflow) : ITimed
    {
        public long RunKey => runKey;

        public int HeapIndex { get; set; } = -1;

        public DateTime Due { get; set; }

        public void Fire(EngineTransaction tx)
        {
            // It may have been woken, and even ended, since it was due first.
            if (directory.FindOpen(workflow.NamespaceId, workflow.WorkflowId) is { } run && run.Key == runKey)
                run.Fire(tx);
        }
    }
}
