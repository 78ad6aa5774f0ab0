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

    /// <summary>
    /// Nothing is under way, so that all of it is on disk: it waits for a signal, a timer or a child. A long history is
    /// excluded: folding it again would hold up the loop.
    /// </summary>
    public bool CanRest => IsOpen && Task is null && Activities.Count == 0 && _buffered.Count == 0 && NextEventId <= RestingEventsMax;

    /// <summary>It can rest, and no caller waits for it.</summary>
    public bool MayLeaveMemory =>
        CanRest && !IsTouched && !IsDetached && HistoryWaiters.TrueForAll(waiter => waiter.HasLeft) && _queries is not { HasAny: true }
            && _updates is not { HasAny: true };

    const int RestingEventsMax = 1_000;

    /// <summary>False when a call with this id was taken before.</summary>
    public bool TakeRequestId(EngineTransaction tx, string requestId)
    {
        if (!RequestIds.Add(requestId))
            return false;
        TouchSide(tx);
        return true;
    }

    /// <summary>Told once, after the next commit that adds events.</summary>
    public void AddHistoryWaiter(HistoryWaiter waiter)
    {
        HistoryWaiters.RemoveAll(known => known.HasLeft);
        HistoryWaiters.Add(waiter);
    }

    public void FailWaiters(RpcFailure failure)
    {
        _queries?.FailAll(failure);
        _updates?.FailAll(failure);
        foreach (var waiter in HistoryWaiters)
            waiter.Tell();
        HistoryWaiters.Clear();
    }

    public StoredRun ToStored() => new(
        Key, Namespace.Id, WorkflowId, RunId, FirstRunId, (int)Status, StartTime, NextEventId, HistorySize, CreateRequestId, []);

    /// <summary>What the event of this id was given for people to read; only for events of the current batch.</summary>
    public UserMetadata? UserMetadataOf(long eventId) =>
        _tail.Count > 0 && eventId >= _tail[0].EventId && eventId < NextEventId
            ? _tail[(int)(eventId - _tail[0].EventId)].UserMetadata
            : null;

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
