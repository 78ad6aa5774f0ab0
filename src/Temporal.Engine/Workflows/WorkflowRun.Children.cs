using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

sealed partial class WorkflowRun
{
    bool ApplyChild(HistoryEvent one)
    {
        switch (one.EventType)
        {
            case EventType.StartChildWorkflowExecutionInitiated:
                Children[one.EventId] = new()
                {
                    InitiatedEventId = one.EventId,
                    Initiated = one.StartChildWorkflowExecutionInitiatedEventAttributes,
                };
                return true;
            case EventType.StartChildWorkflowExecutionFailed:
                return Children.Remove(one.StartChildWorkflowExecutionFailedEventAttributes.InitiatedEventId);
            case EventType.ChildWorkflowExecutionStarted:
                ApplyChildStarted(one);
                return true;
            case EventType.ChildWorkflowExecutionCompleted:
                return Children.Remove(one.ChildWorkflowExecutionCompletedEventAttributes.InitiatedEventId);
            case EventType.ChildWorkflowExecutionFailed:
                return Children.Remove(one.ChildWorkflowExecutionFailedEventAttributes.InitiatedEventId);
            case EventType.ChildWorkflowExecutionCanceled:
                return Children.Remove(one.ChildWorkflowExecutionCanceledEventAttributes.InitiatedEventId);
            case EventType.ChildWorkflowExecutionTimedOut:
                return Children.Remove(one.ChildWorkflowExecutionTimedOutEventAttributes.InitiatedEventId);
            case EventType.ChildWorkflowExecutionTerminated:
                return Children.Remove(one.ChildWorkflowExecutionTerminatedEventAttributes.InitiatedEventId);
            default:
                return false;
        }
    }

    void ApplyChildStarted(HistoryEvent one)
    {
        var started = one.ChildWorkflowExecutionStartedEventAttributes;
        if (!Children.TryGetValue(started.InitiatedEventId, out var child))
            return;
        child.IsStarted = true;
        child.StartedEventId = one.EventId == EventTypes.Buffered ? 0 : one.EventId;
        child.RunId = started.WorkflowExecution.RunId;
    }

    void WireChild(HistoryEvent one)
    {
        switch (one.EventType)
        {
            case EventType.ChildWorkflowExecutionStarted:
                var initiated = one.ChildWorkflowExecutionStartedEventAttributes.InitiatedEventId;
                if (Children.TryGetValue(initiated, out var child))
                    child.StartedEventId = one.EventId;
                else
                    _startedByInitiated[initiated] = one.EventId;
                break;
            case EventType.ChildWorkflowExecutionCompleted:
                var completed = one.ChildWorkflowExecutionCompletedEventAttributes;
                completed.StartedEventId = ChildStarted(completed.InitiatedEventId, completed.StartedEventId);
                break;
            case EventType.ChildWorkflowExecutionFailed:
                var failed = one.ChildWorkflowExecutionFailedEventAttributes;
                failed.StartedEventId = ChildStarted(failed.InitiatedEventId, failed.StartedEventId);
                break;
            case EventType.ChildWorkflowExecutionCanceled:
                var canceled = one.ChildWorkflowExecutionCanceledEventAttributes;
                canceled.StartedEventId = ChildStarted(canceled.InitiatedEventId, canceled.StartedEventId);
                break;
            case EventType.ChildWorkflowExecutionTimedOut:
                var timedOut = one.ChildWorkflowExecutionTimedOutEventAttributes;
                timedOut.StartedEventId = ChildStarted(timedOut.InitiatedEventId, timedOut.StartedEventId);
                break;
            case EventType.ChildWorkflowExecutionTerminated:
                var terminated = one.ChildWorkflowExecutionTerminatedEventAttributes;
                terminated.StartedEventId = ChildStarted(terminated.InitiatedEventId, terminated.StartedEventId);
                break;
        }
    }

    // Children whose start and end were buffered together.
    readonly Dictionary<long, long> _startedByInitiated = [];

    long ChildStarted(long initiatedEventId, long known) =>
        known != 0 ? known : _startedByInitiated.Remove(initiatedEventId, out var started) ? started : 0;
}
