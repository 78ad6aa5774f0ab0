using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporalio.Worker.History;

/// <summary>Cuts a history into workflow tasks.</summary>
static class TaskBoundary
{
    /// <summary>
    /// Index of the started event that ends the next task: one that was completed, or the one in hand. Tasks that failed or timed
    /// out did nothing; their events belong to the task after them.
    /// </summary>
    /// <returns>-1 when there is no further task.</returns>
    public static int FindEnd(IReadOnlyList<HistoryEvent> events, int from, long currentStartedEventId)
    {
        for (var i = from; i < events.Count; i++)
        {
            if (events[i].EventType != EventType.WorkflowTaskStarted)
                continue;
            if (events[i].EventId == currentStartedEventId)
                return i;
            if (i + 1 < events.Count && events[i + 1].EventType == EventType.WorkflowTaskCompleted)
                return i;
        }

        return -1;
    }

    /// <summary>Whether the event records a command of a workflow task.</summary>
    public static bool IsCommand(EventType type) => type is
        EventType.ActivityTaskScheduled or
        EventType.ActivityTaskCancelRequested or
        EventType.MarkerRecorded or
        EventType.RequestCancelExternalWorkflowExecutionInitiated or
        EventType.SignalExternalWorkflowExecutionInitiated or
        EventType.StartChildWorkflowExecutionInitiated or
        EventType.TimerStarted or
        EventType.TimerCanceled or
        EventType.UpsertWorkflowSearchAttributes or
        EventType.WorkflowPropertiesModified or
        EventType.WorkflowExecutionUpdateAccepted or
        EventType.WorkflowExecutionUpdateCompleted or
        EventType.WorkflowExecutionCompleted or
        EventType.WorkflowExecutionFailed or
        EventType.WorkflowExecutionCanceled or
        EventType.WorkflowExecutionContinuedAsNew;

    /// <summary>The event that this one is about; 0 when it is about none.</summary>
    public static long RefersTo(HistoryEvent e) => e.EventType switch
    {
        EventType.ActivityTaskStarted => e.ActivityTaskStartedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskCompleted => e.ActivityTaskCompletedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskFailed => e.ActivityTaskFailedEventAttributes.ScheduledEventId,
        EventType.ActivityTaskTimedOut => e.ActivityTaskTimedOutEventAttributes.ScheduledEventId,
        EventType.ActivityTaskCanceled => e.ActivityTaskCanceledEventAttributes.ScheduledEventId,
        EventType.TimerFired => e.TimerFiredEventAttributes.StartedEventId,
        EventType.StartChildWorkflowExecutionFailed => e.StartChildWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionStarted => e.ChildWorkflowExecutionStartedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionCompleted => e.ChildWorkflowExecutionCompletedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionFailed => e.ChildWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionCanceled => e.ChildWorkflowExecutionCanceledEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionTimedOut => e.ChildWorkflowExecutionTimedOutEventAttributes.InitiatedEventId,
        EventType.ChildWorkflowExecutionTerminated => e.ChildWorkflowExecutionTerminatedEventAttributes.InitiatedEventId,
        EventType.SignalExternalWorkflowExecutionFailed => e.SignalExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ExternalWorkflowExecutionSignaled => e.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId,
        EventType.RequestCancelExternalWorkflowExecutionFailed =>
            e.RequestCancelExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId,
        EventType.ExternalWorkflowExecutionCancelRequested => e.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId,
        _ => 0,
    };
}
