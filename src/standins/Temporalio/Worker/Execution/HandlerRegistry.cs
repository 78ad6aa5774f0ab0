using Temporalio.Api.History.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>The handlers of a run, the signals that wait for one, and the handlers that are running.</summary>
sealed class HandlerRegistry
{
    // Names of this prefix belong to the SDK; a dynamic handler does not get them.
    const string ReservedPrefix = "__temporal_";

    readonly WorkflowInstance _workflow;
    readonly Action<WorkflowSignalDefinition, WorkflowExecutionSignaledEventAttributes> _startSignal;
    readonly List<WorkflowExecutionSignaledEventAttributes> _waiting = [];
    readonly List<(string What, HandlerUnfinishedPolicy Policy)> _running = [];
    WorkflowSignalDefinition? _dynamicSignal;
    WorkflowQueryDefinition? _dynamicQuery;
    WorkflowUpdateDefinition? _dynamicUpdate;

    public HandlerRegistry(
        WorkflowInstance workflow,
        WorkflowDefinition definition,
        Action<WorkflowSignalDefinition, WorkflowExecutionSignaledEventAttributes> startSignal)
    {
        _workflow = workflow;
        _startSignal = startSignal;
        Signals = new(workflow, definition.Signals, signal => signal.Name, DeliverWaiting);
        Queries = new(workflow, definition.Queries, query => query.Name, _ => { });
        Updates = new(workflow, definition.Updates, update => update.Name, _ => { });
        _dynamicSignal = definition.DynamicSignal;
        _dynamicQuery = definition.DynamicQuery;
        _dynamicUpdate = definition.DynamicUpdate;
    }

    public HandlerMap<WorkflowSignalDefinition> Signals { get; }

    public HandlerMap<WorkflowQueryDefinition> Queries { get; }

    public HandlerMap<WorkflowUpdateDefinition> Updates { get; }

    public bool AllFinished => _running.Count == 0;

    public WorkflowSignalDefinition? DynamicSignal
    {
        get => _dynamicSignal;
        set
        {
            _workflow.Writable();
            _dynamicSignal = value is null or { Dynamic: true } ? value : throw NotDynamic("signal", value.Name);
            if (value is not null)
                DeliverWaiting(name: null);
        }
    }

    public WorkflowQueryDefinition? DynamicQuery
    {
        get => _dynamicQuery;
        set
        {
            _workflow.Writable();
            _dynamicQuery = value is null or { Dynamic: true } ? value : throw NotDynamic("query", value.Name);
        }
    }

    public WorkflowUpdateDefinition? DynamicUpdate
    {
        get => _dynamicUpdate;
        set
        {
            _workflow.Writable();
            _dynamicUpdate = value is null or { Dynamic: true } ? value : throw NotDynamic("update", value.Name);
        }
    }

    public WorkflowQueryDefinition? FindQuery(string name) =>
        Queries.TryGetValue(name, out var query) ? query : IsReserved(name) ? null : DynamicQuery;

    public WorkflowUpdateDefinition? FindUpdate(string name) =>
        Updates.TryGetValue(name, out var update) ? update : IsReserved(name) ? null : DynamicUpdate;

    /// <summary>Starts the handler of a signal, or keeps the signal until it has one.</summary>
    public void Receive(WorkflowExecutionSignaledEventAttributes signal)
    {
        if (FindSignal(signal.SignalName) is { } handler)
            _startSignal(handler, signal);
        else
            _waiting.Add(signal);
    }

    /// <summary>Counts a handler as running until the result is disposed.</summary>
    public IDisposable Running(string what, HandlerUnfinishedPolicy policy)
    {
        var entry = (what, policy);
        _running.Add(entry);
        return new Ending(() => _running.Remove(entry));
    }

    /// <summary>Handlers that the end of the workflow leaves behind and that wanted to be waited for.</summary>
    public IEnumerable<string> Unfinished() =>
        _running.Where(handler => handler.Policy == HandlerUnfinishedPolicy.WarnAndAbandon).Select(handler => handler.What);

    WorkflowSignalDefinition? FindSignal(string name) =>
        Signals.TryGetValue(name, out var signal) ? signal : IsReserved(name) ? null : DynamicSignal;

    void DeliverWaiting(string? name)
    {
        foreach (var signal in _waiting.Where(signal => name is null ? !IsReserved(signal.SignalName) : signal.SignalName == name).ToList())
        {
            _waiting.Remove(signal);
            Receive(signal);
        }
    }

    static bool IsReserved(string name) => name.StartsWith(ReservedPrefix, StringComparison.Ordinal);

    static ArgumentException NotDynamic(string kind, string? name) =>
        new($"The {kind} handler has the name '{name}'; make a dynamic one with the name null.");

    sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
