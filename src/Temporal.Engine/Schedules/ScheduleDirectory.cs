using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Temporal.Engine.Stored;

namespace Temporal.Engine.Schedules;

/// <summary>
/// All schedules. Changes happen on the loop and are part of its transaction: a start and the progress that says so are on
/// disk together or not at all. Reads see what is on disk, from any thread.
/// </summary>
sealed class ScheduleDirectory(EngineState state) : IEngineSubsystem, ITimed
{
    const string DefinitionKind = "schedule";
    const string ProgressKind = "schedule-progress";
    static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    readonly Dictionary<(string NamespaceId, string ScheduleId), ScheduleEntry> _entries = [];
    readonly Dictionary<(string NamespaceId, string WorkflowId), ScheduleEntry> _tracked = [];
    readonly ConcurrentDictionary<(string NamespaceId, string ScheduleId), ScheduleView> _views = new();
    readonly ConcurrentDictionary<(string NamespaceId, string ScheduleId), ScheduleDefinitionRecord> _ended = new();

    // What this transaction has changed already.
    readonly HashSet<ScheduleEntry> _changed = [];

    // Changes when a schedule comes or goes.
    volatile int _membership;

    public ILogger Log { get; } = state.Options.LoggerFactory.CreateLogger<ScheduleDirectory>();

    /// <summary>A number that changes whenever a schedule comes or goes.</summary>
    public int Membership => _membership;

    /// <summary>How many are on disk.</summary>
    public int Count => _views.Count;

    /// <summary>All schedules on disk.</summary>
    public IEnumerable<ScheduleView> Views(string namespaceId) =>
        _views.Where(pair => pair.Key.NamespaceId == namespaceId).Select(pair => pair.Value);

    public ScheduleView? FindView(string namespaceId, string scheduleId) => _views.GetValueOrDefault((namespaceId, scheduleId));

    /// <summary>What is remembered of a schedule that was deleted or has ended.</summary>
    public ScheduleDefinitionRecord? FindEnded(string namespaceId, string scheduleId) =>
        _ended.GetValueOrDefault((namespaceId, scheduleId));

    public ScheduleEntry? Find(string namespaceId, string scheduleId) => _entries.GetValueOrDefault((namespaceId, scheduleId));

    public string NamespaceName(ScheduleEntry entry) => state.Namespaces.FindById(entry.Key.NamespaceId)?.Name ?? "";

    int ITimed.HeapIndex { get; set; } = -1;

    DateTime ITimed.Due { get; set; }

    public void Load(EngineState engine)
    {
        foreach (var entry in _entries.Values)
            Detach(entry);
        _entries.Clear();
        _tracked.Clear();
        _views.Clear();
        _ended.Clear();
        _changed.Clear();
        Interlocked.Increment(ref _membership);
        var progress = engine.Store.Documents(ProgressKind).ToDictionary(document => document.Key, document => document.Content);
        foreach (var document in engine.Store.Documents(DefinitionKind))
        {
            var definition = ScheduleDefinitionRecord.Parser.ParseFrom(document.Content);
            if (definition.DeletedTime is not null)
                _ended[(definition.NamespaceId, definition.ScheduleId)] = definition;
            else if (progress.TryGetValue(document.Key, out var content))
                AddLoaded(new(definition, ScheduleProgressRecord.Parser.ParseFrom(content)));
        }

        engine.Timers.Set(this, engine.Time.GetUtcNow().UtcDateTime + SweepInterval);
    }

    void AddLoaded(ScheduleRecord record)
    {
        var entry = new ScheduleEntry(this, record);
        if (entry.Machine.SpecError is { } error)
            ScheduleLog.Unusable(Log, record.Id, error);
        _entries[entry.Key] = entry;
        Track(entry);
        Publish(entry);
        // Times that passed while nobody looked are due at once.
        entry.Machine.Resume(state.Time.GetUtcNow().UtcDateTime);
        state.Timers.Set(entry, entry.Machine.NextWakeUp);
    }

    /// <summary>A new schedule. Its first turn is part of its creation.</summary>
    public void Create(EngineTransaction tx, ScheduleRecord record, Action<ScheduleMachine> firstTurn)
    {
        var entry = new ScheduleEntry(this, record);
        _entries.Add(entry.Key, entry);
        _ended.TryRemove(entry.Key, out _);
        tx.OnRollBack(() => Restore(entry));
        PutDefinition(tx, entry);
        Change(tx, entry, firstTurn);
    }

    /// <summary>Lets a schedule take a turn and stores what came of it.</summary>
    public void Change(EngineTransaction tx, ScheduleEntry entry, Action<ScheduleMachine> turn)
    {
        if (_changed.Add(entry))
        {
            tx.OnRollBack(() => Restore(entry));
            tx.AfterCommit(() => Commit(entry));
        }

        var definition = entry.Record.Definition;
        Untrack(entry);
        entry.Turn(tx, turn);
        Track(entry);
        if (entry.Machine.IsFinished)
        {
            ScheduleLog.Finished(Log, entry.Record.Id);
            End(tx, entry);
            return;
        }

        if (!ReferenceEquals(definition, entry.Record.Definition))
            PutDefinition(tx, entry);
        tx.PutDocument(ProgressKind, DocumentKey(entry.Key), entry.Record.Progress.ToByteArray());
        state.Timers.Set(entry, entry.Machine.NextWakeUp);
    }

    /// <summary>Ends a schedule. Its runs go on; its id is remembered for a while, because calls tell "gone" from "never was".</summary>
    public void End(EngineTransaction tx, ScheduleEntry entry)
    {
        if (_changed.Add(entry))
        {
            tx.OnRollBack(() => Restore(entry));
            tx.AfterCommit(() => Commit(entry));
        }

        var ended = new ScheduleDefinitionRecord
        {
            NamespaceId = entry.Key.NamespaceId,
            ScheduleId = entry.Key.ScheduleId,
            CreateRequestId = entry.Record.Definition.CreateRequestId,
            DeletedTime = Timestamp.FromDateTime(tx.Now),
        };
        tx.PutDocument(DefinitionKind, DocumentKey(entry.Key), ended.ToByteArray());
        tx.DeleteDocument(ProgressKind, DocumentKey(entry.Key));
        Detach(entry);
        Untrack(entry);
        _entries.Remove(entry.Key);
        tx.AfterCommit(() =>
        {
            // Unless it was created again in the same transaction.
            if (!_entries.ContainsKey(entry.Key))
                _ended[entry.Key] = ended;
        });
    }

    public void OnWorkflowClosed(EngineTransaction tx, WorkflowClosed closed)
    {
        if (closed.NewRunId is not null || !_tracked.TryGetValue((closed.NamespaceId, closed.WorkflowId), out var entry))
            return;
        // A reset ends a run and goes on with another of the same chain.
        if (state.Workflows.FindOpen(closed.NamespaceId, closed.WorkflowId) is { } open && open.FirstRunId == closed.FirstRunId)
            return;
        if (entry.Machine.IsTracked(closed.WorkflowId, closed.FirstRunId))
            Change(
                tx, entry,
                machine => machine.Closed(tx.Now, new(closed.WorkflowId, closed.FirstRunId, closed.Status, closed.Result, closed.Failure)));
    }

    void ITimed.Fire(EngineTransaction tx)
    {
        // A deleted namespace takes its schedules along.
        foreach (var entry in _entries.Values.Where(entry => state.Namespaces.FindById(entry.Key.NamespaceId) is null).ToList())
            End(tx, entry);
        foreach (var (key, ended) in _ended)
        {
            var retention = state.Namespaces.FindById(key.NamespaceId)?.Retention ?? TimeSpan.Zero;
            if (ended.DeletedTime.ToDateTime() + retention >= tx.Now)
                continue;
            tx.DeleteDocument(DefinitionKind, DocumentKey(key));
            tx.AfterCommit(() => _ended.TryRemove(key, out _));
        }

        state.Timers.Set(this, tx.Now + SweepInterval);
    }

    static void PutDefinition(EngineTransaction tx, ScheduleEntry entry) =>
        tx.PutDocument(DefinitionKind, DocumentKey(entry.Key), entry.Record.Definition.ToByteArray());

    void Commit(ScheduleEntry entry)
    {
        _changed.Remove(entry);
        if (!entry.IsDetached)
            Publish(entry);
        else if (!_entries.ContainsKey(entry.Key) && _views.TryRemove(entry.Key, out _))
            Interlocked.Increment(ref _membership);
    }

    void Publish(ScheduleEntry entry)
    {
        var view = new ScheduleView(entry.Record.Clone(), entry.Machine.Spec);
        var isKnown = _views.TryGetValue(entry.Key, out var old) && old.CreateTime == view.CreateTime;
        _views[entry.Key] = view;
        if (!isKnown)
            Interlocked.Increment(ref _membership);
    }

    // Back to what is on disk.
    void Restore(ScheduleEntry entry)
    {
        _changed.Remove(entry);
        Untrack(entry);
        Detach(entry);
        if (ReferenceEquals(_entries.GetValueOrDefault(entry.Key), entry))
            _entries.Remove(entry.Key);
        if (!_entries.ContainsKey(entry.Key) && _views.TryGetValue(entry.Key, out var view))
            AddLoaded(view.Record.Clone());
    }

    void Detach(ScheduleEntry entry)
    {
        entry.IsDetached = true;
        state.Timers.Remove(entry);
    }

    void Track(ScheduleEntry entry)
    {
        foreach (var run in entry.Record.Info.RunningWorkflows)
            _tracked[(entry.Key.NamespaceId, run.WorkflowId)] = entry;
    }

    void Untrack(ScheduleEntry entry)
    {
        foreach (var run in entry.Record.Info.RunningWorkflows)
        {
            var key = (entry.Key.NamespaceId, run.WorkflowId);
            if (ReferenceEquals(_tracked.GetValueOrDefault(key), entry))
                _tracked.Remove(key);
        }
    }

    static string DocumentKey((string NamespaceId, string ScheduleId) key) => $"{key.NamespaceId}/{key.ScheduleId}";
}
