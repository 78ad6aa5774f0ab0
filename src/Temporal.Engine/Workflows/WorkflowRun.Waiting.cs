using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Sdk.V1;

namespace Temporal.Engine;

/// <summary>Callers that wait for the run, and what the rest of the engine wants to know of it.</summary>
sealed partial class WorkflowRun
{
    QueryRegistry? _queries;
    UpdateRegistry? _updates;

    public QueryRegistry Queries => _queries ??= new(this);

    public UpdateRegistry Updates => _updates ??= new(this);

    /// <summary>False when a call with this id was taken before.</summary>
    public bool TakeRequestId(EngineTransaction tx, string requestId)
    {
        if (!RequestIds.Add(requestId))
            return false;
        TouchSide(tx);
        return true;
    }

    /// <summary>Calls back once, after the next commit that adds events.</summary>
    public void AddHistoryWaiter(Action waiter)
    {
        // Callers that left are forgotten with the next event; a run that never moves must not gather them without end.
        if (HistoryWaiters.Count >= HistoryWaitersMax)
            HistoryWaiters.RemoveRange(0, HistoryWaitersMax / 2);
        HistoryWaiters.Add(waiter);
    }

    const int HistoryWaitersMax = 1024;

    public void FailWaiters(RpcFailure failure)
    {
        _queries?.FailAll(failure);
        _updates?.FailAll(failure);
        foreach (var waiter in HistoryWaiters)
            waiter();
        HistoryWaiters.Clear();
    }

    public StoredRun ToStored() => new(
        Key, Namespace.Id, WorkflowId, RunId, FirstRunId, (int)Status, StartTime, NextEventId, HistorySize, CreateRequestId, []);

    /// <summary>What the event of this id was given for people to read; only for events of the current batch.</summary>
    public UserMetadata? UserMetadataOf(long eventId) =>
        _tail.Count > 0 && eventId >= _tail[0].EventId && eventId < NextEventId ? _tail[(int)(eventId - _tail[0].EventId)].UserMetadata : null;

    VisibilityRow ToVisibility()
    {
        var root = Started.RootWorkflowExecution ?? Execution;
        var attributes = ShownSearchAttributes();
        return new(
            Key, Namespace.Id, WorkflowId, RunId, Started.WorkflowType.Name, (int)Status, StartTime,
            StartTime + Durations.Of(Started.FirstWorkflowTaskBackoff), CloseEvent?.EventTime.ToDateTime(),
            IsOpen ? 0 : NextEventId - 1, IsOpen ? 0 : HistorySize, IsOpen ? 0 : StateTransitions, Started.TaskQueue.Name,
            Started.ParentWorkflowExecution?.WorkflowId ?? "", Started.ParentWorkflowExecution?.RunId ?? "",
            root.WorkflowId, root.RunId, FirstRunId, new Memo { Fields = { Memo } }.ToByteArray(), attributes.ToByteArray(),
            SearchAttributeRules.ToJson(attributes));
    }
}
