using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>The event in the parent's history for each way a child can end.</summary>
static class ChildEnd
{
    public static HistoryEvent Of(WorkflowRun run, PendingChild child, HistoryEvent closing)
    {
        var (ns, nsId, type) = (child.Initiated.Namespace, run.Namespace.Id, run.Started.WorkflowType);
        return closing.EventType switch
        {
            EventType.WorkflowExecutionCompleted => new()
            {
                ChildWorkflowExecutionCompletedEventAttributes = new()
                {
                    Result = closing.WorkflowExecutionCompletedEventAttributes.Result,
                    Namespace = ns,
                    NamespaceId = nsId,
                    WorkflowExecution = run.Execution,
                    WorkflowType = type,
                    InitiatedEventId = child.InitiatedEventId,
                    StartedEventId = child.StartedEventId,
                },
            },
            EventType.WorkflowExecutionFailed => new()
            {
                ChildWorkflowExecutionFailedEventAttributes = new()
                {
                    Failure = closing.WorkflowExecutionFailedEventAttributes.Failure,
                    RetryState = closing.WorkflowExecutionFailedEventAttributes.RetryState,
                    Namespace = ns,
                    NamespaceId = nsId,
                    WorkflowExecution = run.Execution,
                    WorkflowType = type,
                    InitiatedEventId = child.InitiatedEventId,
                    StartedEventId = child.StartedEventId,
                },
            },
            EventType.WorkflowExecutionCanceled => new()
            {
                ChildWorkflowExecutionCanceledEventAttributes = new()
                {
                    Details = closing.WorkflowExecutionCanceledEventAttributes.Details,
                    Namespace = ns,
                    NamespaceId = nsId,
                    WorkflowExecution = run.Execution,
                    WorkflowType = type,
                    InitiatedEventId = child.InitiatedEventId,
                    StartedEventId = child.StartedEventId,
                },
            },
            EventType.WorkflowExecutionTimedOut => new()
            {
                ChildWorkflowExecutionTimedOutEventAttributes = new()
                {
                    RetryState = closing.WorkflowExecutionTimedOutEventAttributes.RetryState,
                    Namespace = ns,
                    NamespaceId = nsId,
                    WorkflowExecution = run.Execution,
                    WorkflowType = type,
                    InitiatedEventId = child.InitiatedEventId,
                    StartedEventId = child.StartedEventId,
                },
            },
            _ => new()
            {
                ChildWorkflowExecutionTerminatedEventAttributes = new()
                {
                    Namespace = ns,
                    NamespaceId = nsId,
                    WorkflowExecution = run.Execution,
                    WorkflowType = type,
                    InitiatedEventId = child.InitiatedEventId,
                    StartedEventId = child.StartedEventId,
                },
            },
        };
    }
}
