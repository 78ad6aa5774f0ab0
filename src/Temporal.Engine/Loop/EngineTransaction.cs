namespace Temporal.Engine;

/// <summary>
/// What one batch changes. Handlers change memory through it and through the objects it hands out; what they changed is
/// written by one commit. Only valid on the loop's thread, inside the call that received it.
/// </summary>
sealed class EngineTransaction(EngineState state)
{
    readonly List<Action> _afterCommit = [];
    readonly List<Action> _onRollBack = [];
    readonly List<WorkflowRun> _dirty = [];
    readonly Queue<Action> _deferred = new();
    readonly List<TaskQueue> _toMatch = [];
    long _changes;

    // Where the current command began, and whether it changed what an earlier one had changed or what only the whole
    // batch can take back.
    long _command;
    long _changesAtCommandStart;
    (int Dirty, int AfterCommit, int OnRollBack) _start;
    bool _reachesBack;

    public EngineState State { get; } = state;

    /// <summary>The time of the command that runs now; it never goes back, whatever the wall clock does inside a batch.</summary>
    public DateTime Now { get; private set; } = state.Time.GetUtcNow().UtcDateTime;

    public StoreBatch Changes { get; } = new();

    public bool ChangedByCommand => _changes != _changesAtCommandStart;

    public void BeginCommand()
    {
        _command++;
        _changesAtCommandStart = _changes;
        _start = (_dirty.Count, _afterCommit.Count, _onRollBack.Count);
        _reachesBack = false;
        var now = State.Time.GetUtcNow().UtcDateTime;
        if (now > Now)
            Now = now;
    }

    /// <summary>Says that this run's memory is about to differ from what is stored.</summary>
    public void Touch(WorkflowRun run)
    {
        _changes++;
        if (run.IsTouched)
        {
            _reachesBack |= run.TouchedBy != _command;
            return;
        }

        run.IsTouched = true;
        run.TouchedBy = _command;
        _dirty.Add(run);
    }

    /// <summary>Stores a subsystem's document; it replaces the one with the same kind and key.</summary>
    public void PutDocument(string kind, string key, byte[] content)
    {
        _changes++;
        _reachesBack = true;
        Changes.PutDocument(new(kind, key, content));
    }

    public void DeleteDocument(string kind, string key)
    {
        _changes++;
        _reachesBack = true;
        Changes.PutDocument(new(kind, key, null));
    }

    /// <summary>Deletes a closed run with all it has.</summary>
    public void Delete(long runKey)
    {
        _changes++;
        _reachesBack = true;
        Changes.DeletedRuns.Add(runKey);
    }

    /// <summary>Runs after the batch is on disk, on the loop's thread: short, and without changing state.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Undoes what is neither a workflow's state nor a subsystem's document. Last added, first run.</summary>
    public void OnRollBack(Action action)
    {
        _changes++;
        _onRollBack.Add(action);
    }

    /// <summary>Runs when the current command is through, still in its transaction: its effect on other runs.</summary>
    public void Defer(Action action)
    {
        _changes++;
        _deferred.Enqueue(action);
    }

    public void RunDeferred()
    {
        while (_deferred.TryDequeue(out var action))
            action();
    }

    /// <summary>
    /// Takes back what the current command changed and leaves the rest of the batch as it is, so that a broken worker
    /// costs nobody else the state that is in memory only. False when that cannot be told apart.
    /// </summary>
    public bool TryTakeBackCommand()
    {
        if (_reachesBack)
            return false;

        _deferred.Clear();
        _afterCommit.RemoveRange(_start.AfterCommit, _afterCommit.Count - _start.AfterCommit);
        for (var i = _onRollBack.Count - 1; i >= _start.OnRollBack; i--)
            _onRollBack[i]();
        _onRollBack.RemoveRange(_start.OnRollBack, _onRollBack.Count - _start.OnRollBack);
        var changed = _dirty.GetRange(_start.Dirty, _dirty.Count - _start.Dirty);
        _dirty.RemoveRange(_start.Dirty, changed.Count);
        State.Workflows.Refold(changed);
        return true;
    }

    /// <summary>The queues that something was added to and that were not matched yet.</summary>
    public IReadOnlyList<TaskQueue> Unmatched => _toMatch;

    /// <summary>
    /// Tasks and pollers of this queue are brought together at the end of the batch, so that what a batch adds to one workflow needs one
    /// task.
    /// </summary>
    public void Match(TaskQueue queue)
    {
        if (!_toMatch.Contains(queue))
            _toMatch.Add(queue);
    }

    public void MatchQueues()
    {
        State.TaskQueues.TakeUnmatched(Match);
        for (var i = 0; i < _toMatch.Count; i++)
            _toMatch[i].Match(this);
        _toMatch.Clear();
        RunDeferred();
    }

    /// <summary>Hands tasks out and turns the touched runs into rows.</summary>
    public void Settle()
    {
        RunDeferred();
        EndOverfull();
        MatchQueues();
        foreach (var run in _dirty)
            run.WriteTo(Changes);
    }

    /// <summary>Ends the runs whose histories have outgrown their limit, whatever it was that came last.</summary>
    void EndOverfull()
    {
        for (var i = 0; i < _dirty.Count; i++)
        {
            if (HistoryLimits.Exceeded(_dirty[i]) is not { } reason)
                continue;
            ClosingRules.Terminate(this, _dirty[i], reason, null, ClosingRules.Server);
            RunDeferred();
        }
    }

    public void Release()
    {
        foreach (var run in _dirty)
        {
            run.IsTouched = false;
            run.OnCommitted();
            State.Workflows.OnCommitted(run);
        }

        foreach (var action in _afterCommit)
            action();
    }

    public void RollBack()
    {
        for (var i = _onRollBack.Count - 1; i >= 0; i--)
            _onRollBack[i]();
        State.Workflows.Refold(_dirty);
        if (Changes.HasDocuments)
            State.ReloadSubsystems();
    }
}
