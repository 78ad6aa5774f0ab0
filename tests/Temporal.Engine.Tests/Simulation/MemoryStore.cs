using Microsoft.Data.Sqlite;
using Temporal.Engine.Stored;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>
/// The disk of the simulation: what is committed is there for the next engine. Each commit is held against the rules that no
/// commit may break, and may meet a fault.
/// </summary>
sealed class MemoryStore : IEngineStore
{
    readonly SortedDictionary<long, StoredRun> _runs = [];
    readonly Dictionary<long, List<HistoryEvent>> _histories = [];
    readonly Dictionary<(string Kind, string Key), StoredDocument> _documents = [];
    readonly Dictionary<(string NamespaceId, string WorkflowId), List<long>> _byWorkflow = [];

    /// <summary>What the next commit meets.</summary>
    public Func<CommitFault> NextFault { get; set; } = () => CommitFault.None;

    /// <summary>The engine that commits is dead from here on.</summary>
    public Action OnCrash { get; set; } = () => { };

    /// <summary>A rule was broken; the engine takes the exception for a failed commit.</summary>
    public Action<Exception> OnBroken { get; set; } = _ => { };

    public string Version => "memory";

    public IEnumerable<StoredRun> Runs => _runs.Values;

    public IReadOnlyList<HistoryEvent> History(long runKey) => _histories.TryGetValue(runKey, out var events) ? events : [];

    /// <summary>With what waits for the workflow task to end.</summary>
    public IEnumerable<HistoryEvent> HistoryWithWaiting(StoredRun run) =>
        History(run.Key).Concat(run.SideRecord.Length == 0 ? [] : SideRecord.Parser.ParseFrom(run.SideRecord).BufferedEvents);

    public void Commit(StoreBatch batch)
    {
        var fault = NextFault();
        if (fault is CommitFault.Refused or CommitFault.CrashBefore)
            Fail(fault);
        try
        {
            Write(batch);
        }
        catch (BrokenRuleException broken)
        {
            OnBroken(broken);
            throw;
        }

        if (fault is not CommitFault.None)
            Fail(fault);
    }

    void Write(StoreBatch batch)
    {
        foreach (var run in batch.Runs)
            Put(run);
        foreach (var events in batch.Events)
            Append(events);
        foreach (var run in batch.Runs)
            Rule.Holds(History(run.Key).Count == run.NextEventId - 1, $"{run.WorkflowId} has {History(run.Key).Count} events and says that {run.NextEventId} is next");
        FamilyRules.Check(this, batch);
        foreach (var document in batch.Documents.Values)
        {
            if (document.Content is null)
                _documents.Remove((document.Kind, document.Key));
            else
                _documents[(document.Kind, document.Key)] = document;
        }

        Rule.Holds(batch.DeletedRuns.Count == 0, "nothing is old enough to be deleted");
    }

    void Fail(CommitFault fault)
    {
        if (fault is CommitFault.CrashBefore or CommitFault.CrashAfter)
            OnCrash();
        throw new IOException($"simulated: {fault}");
    }

    void Put(StoredRun run)
    {
        var key = (run.NamespaceId, run.WorkflowId);
        if (!_runs.TryGetValue(run.Key, out var known))
        {
            if (!_byWorkflow.TryGetValue(key, out var others))
                _byWorkflow[key] = others = [];
            others.Add(run.Key);
        }
        else
        {
            // That it was reset is noted after its end.
            Rule.Holds(known.IsOpen || (known.Status == run.Status && known.NextEventId == run.NextEventId), $"{run.WorkflowId} changes after its end");
            Rule.Holds(known.NextEventId <= run.NextEventId, $"{run.WorkflowId} loses events");
        }

        _runs[run.Key] = run;
    }

    /// <summary>All runs of this workflow, the newest last.</summary>
    public IEnumerable<StoredRun> RunsOf(string namespaceId, string workflowId) =>
        _byWorkflow.GetValueOrDefault((namespaceId, workflowId))?.Select(key => _runs[key]) ?? [];

    void Append(StoredEvents added)
    {
        if (!_histories.TryGetValue(added.RunKey, out var events))
            _histories[added.RunKey] = events = [];
        Rule.Holds(added.FirstEventId == events.Count + 1, $"run {added.RunKey}: event {added.FirstEventId} follows {events.Count}");
        Rule.Holds(events.Count == 0 || !IsEnd(events[^1]), $"run {added.RunKey}: something happens after its end");
        foreach (var one in Temporalio.Api.History.V1.History.Parser.ParseFrom(added.Content).Events)
        {
            events.Add(one);
            Rule.Holds(one.EventId == events.Count, $"run {added.RunKey}: event {one.EventId} is number {events.Count}");
        }
    }

    static bool IsEnd(HistoryEvent one) => one.EventType is
        EventType.WorkflowExecutionCompleted or EventType.WorkflowExecutionFailed or EventType.WorkflowExecutionTerminated
        or EventType.WorkflowExecutionTimedOut or EventType.WorkflowExecutionCanceled or EventType.WorkflowExecutionContinuedAsNew;

    public bool IsFatal(Exception failure) => false;

    public long LastRunKey() => _runs.Count == 0 ? 0 : _runs.Keys.Max();

    public IReadOnlyList<StoredRun> OpenRuns() => [.. _runs.Values.Where(run => run.IsOpen)];

    public void ReadHistories(IReadOnlyList<StoredRun> runs, Action<StoredRun, IReadOnlyList<HistoryEvent>> load)
    {
        foreach (var run in runs)
            load(run, ReadHistory(run.Key, 1, run.NextEventId));
    }

    public StoredRun? FindRun(string namespaceId, string workflowId, string runId) =>
        _byWorkflow.GetValueOrDefault((namespaceId, workflowId))?.Select(key => _runs[key]).LastOrDefault(run => runId.Length == 0 || run.RunId == runId);

    public StoredRun? FindRun(long runKey) => _runs.GetValueOrDefault(runKey);

    public IReadOnlyList<HistoryEvent> ReadHistory(long runKey, long fromEventId, long toEventId, int limit = int.MaxValue) =>
        [.. History(runKey).Where(one => one.EventId >= fromEventId && one.EventId < toEventId).Take(limit).Select(one => one.Clone())];

    public IReadOnlyList<long> ClosedBefore(string namespaceId, DateTime time, int limit) => [];

    public IReadOnlyList<StoredDocument> Documents(string kind) =>
        [.. _documents.Values.Where(document => document.Kind == kind).OrderBy(document => document.Key, StringComparer.Ordinal)];

    public T Read<T>(Func<SqliteConnection, T> query) => throw new NotSupportedException("The simulation asks for no lists.");

    public void Dispose()
    {
    }
}

/// <summary>What can happen to a commit.</summary>
enum CommitFault
{
    None,

    /// <summary>Nothing is written, and the engine hears so.</summary>
    Refused,

    /// <summary>All is written, and the engine hears of a failure.</summary>
    Unknown,

    CrashBefore,
    CrashAfter,
}

/// <summary>What must hold after each step.</summary>
static class Rule
{
    public static void Holds(bool rule, string broken)
    {
        if (!rule)
            throw new BrokenRuleException(broken);
    }
}

sealed class BrokenRuleException(string broken) : Exception(broken);
