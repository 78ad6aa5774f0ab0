using Temporal.Engine.Stored;
using Temporal.Protocol;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>
/// The open runs, by workflow: in memory, or at rest on disk (WorkflowDirectory.Resting.cs). Closed runs stay until their end is on disk.
/// </summary>
sealed partial class WorkflowDirectory(EngineState state)
{
    readonly Dictionary<(string NamespaceId, string WorkflowId), WorkflowRun> _open = [];

    // Closed or replaced in the batch that is being built: the store still shows them open.
    readonly Dictionary<(string NamespaceId, string WorkflowId), List<WorkflowRun>> _closing = [];
    long _lastKey;

    public int OpenCount => _open.Count + _resting.Count;

    public int InMemoryCount => _open.Count;

    public WorkflowRun? FindOpen(string namespaceId, string workflowId) =>
        _open.GetValueOrDefault((namespaceId, workflowId)) ?? Wake((namespaceId, workflowId));

    /// <summary>What is under way is folded; what rests is only noted.</summary>
    public void Load()
    {
        _open.Clear();
        _closing.Clear();
        _lastKey = state.Store.LastRunKey();
        var tx = new EngineTransaction(state);
        var underWay = state.Store.OpenRuns().Where(stored => !TryPutAside(stored)).ToList();
        state.Store.ReadHistories(underWay, (stored, events) => AddLoaded(tx, stored, events));
        state.Timers.Set(state.TaskQueues, tx.Now);
    }

    void AddLoaded(EngineTransaction tx, StoredRun stored, IReadOnlyList<HistoryEvent> events)
    {
        var run = Fold(stored, events);
        if (run is null)
            return;
        _open[(stored.NamespaceId, stored.WorkflowId)] = run;
        Requeue(tx, run);
        run.SetTimer(state.Timers);
        NoteUse(run);
    }

    /// <summary>The run as its events and its side record say; null when its namespace is gone.</summary>
    public WorkflowRun? Fold(StoredRun stored) => Fold(stored, state.Store.ReadHistory(stored.Key, 1, stored.NextEventId));

    WorkflowRun? Fold(StoredRun stored, IReadOnlyList<HistoryEvent> events)
    {
        if (state.Namespaces.FindById(stored.NamespaceId) is not { } ns)
            return null;
        var run = new WorkflowRun(stored.Key, ns, stored.WorkflowId, stored.RunId);
        run.LoadHistory(events);
        run.LoadSide(stored);
        return run;
    }

    /// <summary>Puts the tasks of a loaded run into their queues.</summary>
    static void Requeue(EngineTransaction tx, WorkflowRun run)
    {
        if (run.Task is { IsStarted: false } task && !run.IsTouched)
            WorkflowTaskRules.Enqueue(tx, run, task);
        foreach (var activity in run.Activities.Values)
        {
            if (activity.StartedTime is null && !activity.Paused && !activity.IsBackingOff(tx.Now))
                ActivityRules.Enqueue(tx, run, activity);
        }
    }

    /// <summary>Starts a run that nothing stands against.</summary>
    public WorkflowRun Create(EngineTransaction tx, NewRun created)
    {
        var run = new WorkflowRun(++_lastKey, created.Namespace, created.WorkflowId, created.RunId) { CreateRequestId = created.RequestId };
        run.MarkNew(tx);
        tx.AfterCommit(state.Meter.OnStarted);
        _open[(created.Namespace.Id, created.WorkflowId)] = run;
        var started = new HistoryEvent
        {
            WorkflowExecutionStartedEventAttributes = created.Started,
            UserMetadata = created.UserMetadata,
        };
        started.Links.AddRange(created.Links);
        SetExpirations(tx, run, created);
        run.Add(tx, started);
        if (Durations.Of(created.Started.FirstWorkflowTaskBackoff) is { Ticks: > 0 } backoff)
            run.FirstTaskDue = tx.Now + backoff;
        return run;
    }

    /// <summary>A new open run with a copy of another one's first events, for a reset. Its last workflow task is open.</summary>
    public WorkflowRun Restore(EngineTransaction tx, WorkflowRun old, IReadOnlyList<HistoryEvent> kept)
    {
        // The request of the reset is not kept, as on the real server: the same reset sent twice is two.
        var run = new WorkflowRun(++_lastKey, old.Namespace, old.WorkflowId, Guid.NewGuid().ToString()) { CreateRequestId = Guid.NewGuid().ToString() };
        run.MarkNew(tx);
        _open[(old.Namespace.Id, old.WorkflowId)] = run;
        run.CopyHistory(kept);
        if (Durations.Of(run.Started.WorkflowRunTimeout) is { Ticks: > 0 } limit)
            run.RunExpiration = tx.Now + limit;
        run.ExecutionExpiration = run.Started.WorkflowExecutionExpirationTime?.ToDateTime();
        Requeue(tx, run);
        return run;
    }

    static void SetExpirations(EngineTransaction tx, WorkflowRun run, NewRun created)
    {
        var backoff = Durations.Of(created.Started.FirstWorkflowTaskBackoff);
        if (created.Started.WorkflowExecutionExpirationTime is { } carried)
            run.ExecutionExpiration = carried.ToDateTime();
        else if (Durations.Of(created.Started.WorkflowExecutionTimeout) is { Ticks: > 0 } execution)
            run.ExecutionExpiration = tx.Now + execution + (created.Started.CronSchedule.Length > 0 ? TimeSpan.Zero : backoff);
        if (run.ExecutionExpiration is { } end)
            created.Started.WorkflowExecutionExpirationTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(end);
        if (Durations.Of(created.Started.WorkflowRunTimeout) is { Ticks: > 0 } limit)
            run.RunExpiration = tx.Now + backoff + limit;
    }

    /// <summary>The run has its closing event: its workflow id is free.</summary>
    public void OnClosing(EngineTransaction tx, WorkflowRun run)
    {
        var key = (run.Namespace.Id, run.WorkflowId);
        if (ReferenceEquals(FindOpen(run.Namespace.Id, run.WorkflowId), run))
            _open.Remove(key);
        if (!_closing.TryGetValue(key, out var list))
            _closing[key] = list = [];
        list.Add(run);
        tx.Touch(run);
    }

    /// <summary>After a commit: closed runs leave memory.</summary>
    public void OnCommitted(WorkflowRun run)
    {
        run.SetTimer(state.Timers);
        if (run.IsOpen)
            NoteUse(run);
        else
            _closing.Remove((run.Namespace.Id, run.WorkflowId));
    }

    /// <summary>Forgets what these runs have in memory and folds them again from the store.</summary>
    public void Refold(IReadOnlyList<WorkflowRun> runs)
    {
        foreach (var run in runs)
        {
            run.IsDetached = true;
            run.SetTimer(state.Timers);
            var key = (run.Namespace.Id, run.WorkflowId);
            if (_closing.TryGetValue(key, out var closing) && closing.Remove(run) && closing.Count == 0)
                _closing.Remove(key);
            if (ReferenceEquals(FindOpen(run.Namespace.Id, run.WorkflowId), run))
                _open.Remove(key);
        }

        var tx = new EngineTransaction(state);
        foreach (var run in runs)
        {
            run.FailWaiters(new(RpcStatus.Unavailable, "The engine had to take its last changes back; try again."));
            if (state.Store.FindRun(run.Key) is { IsOpen: true } stored)
                AddLoaded(tx, stored, state.Store.ReadHistory(stored.Key, 1, stored.NextEventId));
        }

        // Not handed out here: that a worker has a task must be on disk before the worker hears of it.
        state.TaskQueues.MatchLater(tx.Unmatched);
        tx.Release();
    }

    /// <summary>
    /// The run that a request means, for calls that only read it. One that is not in memory is folded on the caller's thread:
    /// a long history must not hold up the loop.
    /// </summary>
    public async Task<WorkflowRun> ViewAsync(EngineLoop loop, NamespaceEntry ns, string workflowId, string runId)
    {
        var (run, stored) = await loop.RunAsync(_ => (FindInMemory(ns, workflowId, runId), FindStored(ns.Id, workflowId, runId)));
        return run ?? Fold(stored ?? throw Missing(workflowId, runId)) ?? throw Missing(workflowId, runId);
    }

    /// <summary>
    /// The run as it is now: it may have been folded anew, put aside, or woken and ended since the caller got it. Null when it was deleted.
    /// </summary>
    public WorkflowRun? Current(WorkflowRun run)
    {
        if (!run.IsDetached)
            return run;
        if (FindInMemory(run.Namespace, run.WorkflowId, run.RunId) is { } known)
            return known;
        return state.Store.FindRun(run.Key) is { } stored ? Fold(stored) : null;
    }

    WorkflowRun? FindInMemory(NamespaceEntry ns, string workflowId, string runId)
    {
        var open = FindOpen(ns.Id, workflowId);
        if (open is not null && (runId.Length == 0 || runId == open.RunId))
            return open;
        return _closing.GetValueOrDefault((ns.Id, workflowId))?.LastOrDefault(run => runId.Length == 0 || run.RunId == runId);
    }

    /// <summary>The run that a request means: by its run id, or the newest one. Closed runs come from the store.</summary>
    public WorkflowRun Get(NamespaceEntry ns, string workflowId, string runId)
    {
        if (FindInMemory(ns, workflowId, runId) is { } known)
            return known;
        var stored = state.Store.FindRun(ns.Id, workflowId, runId) ?? throw Missing(workflowId, runId);
        return Fold(stored) ?? throw Missing(workflowId, runId);
    }

    /// <summary>What is known of the newest run of a workflow without folding it.</summary>
    public StoredRun? FindLatest(string namespaceId, string workflowId)
    {
        var run = FindOpen(namespaceId, workflowId) ?? _closing.GetValueOrDefault((namespaceId, workflowId))?.LastOrDefault();
        return run is not null ? run.ToStored() : state.Store.FindRun(namespaceId, workflowId, "");
    }

    /// <summary>A run by its id, or the newest one, without folding it.</summary>
    public StoredRun? FindStored(string namespaceId, string workflowId, string runId) => runId.Length == 0
        ? FindLatest(namespaceId, workflowId)
        : FindOpen(namespaceId, workflowId) is { } open && open.RunId == runId ? open.ToStored()
        : _closing.GetValueOrDefault((namespaceId, workflowId))?.LastOrDefault(run => run.RunId == runId)?.ToStored()
            ?? state.Store.FindRun(namespaceId, workflowId, runId);

    /// <summary>The open run that goes on for this one: itself, or what it was reset to, and that again. Null when there is none.</summary>
    public WorkflowRun? FindReset(string namespaceId, string workflowId, string runId)
    {
        const int mostResets = 100;
        if (FindOpen(namespaceId, workflowId) is not { } open)
            return null;
        for (var count = 0; count < mostResets && runId.Length > 0; count++)
        {
            if (runId == open.RunId)
                return open;
            runId = ResetRunIdOf(namespaceId, workflowId, runId);
        }

        return null;
    }

    string ResetRunIdOf(string namespaceId, string workflowId, string runId) =>
        _closing.GetValueOrDefault((namespaceId, workflowId))?.LastOrDefault(run => run.RunId == runId)?.ResetRunId
        ?? (state.Store.FindRun(namespaceId, workflowId, runId) is { SideRecord.Length: > 0 } stored
            ? SideRecord.Parser.ParseFrom(stored.SideRecord).ResetRunId
            : "");

    public static RpcFailure Missing(string workflowId, string runId) =>
        runId.Length == 0 ? Refuse.WorkflowNotFound(workflowId) : Refuse.NotFound($"workflow execution not found for workflow ID \"{workflowId}\" and run ID \"{runId}\"");

    /// <summary>Like <see cref="Get"/>, for calls that only an open run can take.</summary>
    public WorkflowRun GetOpen(NamespaceEntry ns, string workflowId, string runId, string firstRunId = "")
    {
        var open = FindOpen(ns.Id, workflowId);
        if (open is not null && (runId.Length == 0 || runId == open.RunId) && (firstRunId.Length == 0 || firstRunId == open.FirstRunId))
            return open;
        // A closed run is not folded only to say that it is closed.
        var closed = FindStored(ns.Id, workflowId, runId) ?? throw Missing(workflowId, runId);
        throw firstRunId.Length > 0 && closed.FirstRunId != firstRunId ? Refuse.NotFound("workflow execution not found") : Refuse.AlreadyCompleted();
    }
}
