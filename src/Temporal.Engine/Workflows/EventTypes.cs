using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>What the kinds of events have in common.</summary>
static class EventTypes
{
    /// <summary>Id of an event that waits for the started workflow task to end.</summary>
    public const long Buffered = -123;

    // The attributes' names are the event types' names: one table instead of sixty assignments.
    static readonly Dictionary<HistoryEvent.AttributesOneofCase, EventType> ByAttributes = Enum
        .GetValues<HistoryEvent.AttributesOneofCase>()
        .Where(one => one != HistoryEvent.AttributesOneofCase.None)
        .ToDictionary(one => one, one => Enum.Parse<EventType>(one.ToString().Replace("EventAttributes", "", StringComparison.Ordinal)));

    public static EventType Of(HistoryEvent one) => ByAttributes[one.AttributesCase];

    /// <summary>
    /// Whether an event of this type is written only while no workflow task is started. What a worker decided, what closes
    /// the run and the task's own events are written at once.
    /// </summary>
    public static bool IsBuffered(EventType type) => type switch
    {
        EventType.WorkflowExecutionStarted or EventType.WorkflowTaskScheduled or EventType.WorkflowTaskStarted or
        EventType.WorkflowTaskCompleted or EventType.WorkflowTaskFailed or EventType.WorkflowTaskTimedOut or
        EventType.ActivityTaskScheduled or EventType.ActivityTaskCancelRequested or EventType.TimerStarted or
        EventType.TimerCanceled or EventType.RequestCancelExternalWorkflowExecutionInitiated or EventType.MarkerRecorded or
        EventType.StartChildWorkflowExecutionInitiated or EventType.SignalExternalWorkflowExecutionInitiated or
        EventType.UpsertWorkflowSearchAttributes or EventType.WorkflowPropertiesModified or
        EventType.WorkflowExecutionUpdateAccepted or EventType.WorkflowExecutionUpdateCompleted => false,
        _ => !IsClose(type),
    };

    public static bool IsOfWorkflowTask(HistoryEvent one) => one.EventType is
        EventType.WorkflowTaskScheduled or EventType.WorkflowTaskStarted or EventType.WorkflowTaskCompleted or
        EventType.WorkflowTaskFailed or EventType.WorkflowTaskTimedOut;

    /// <summary>What a worker decided: never buffered, and no task's own event.</summary>
    public static bool IsOfCommand(HistoryEvent one) =>
        one.EventType != EventType.WorkflowExecutionStarted && one.EventType != EventType.WorkflowExecutionTerminated
        && one.EventType != EventType.WorkflowExecutionTimedOut && !IsBuffered(one.EventType) && !IsOfWorkflowTask(one);

    public static bool IsClose(EventType type) => type is
        EventType.WorkflowExecutionCompleted or EventType.WorkflowExecutionFailed or EventType.WorkflowExecutionTimedOut or
        EventType.WorkflowExecutionCanceled or EventType.WorkflowExecutionTerminated or EventType.WorkflowExecutionContinuedAsNew;

    /// <summary>Ends of activities and children: they go behind the other buffered events, so that no start follows its end.</summary>
    public static bool IsCompletion(EventType type) => type is
        EventType.ActivityTaskCompleted or EventType.ActivityTaskFailed or
        EventType.ActivityTaskTimedOut or EventType.ActivityTaskCanceled or
        EventType.ChildWorkflowExecutionCompleted or EventType.ChildWorkflowExecutionFailed or EventType.ChildWorkflowExecutionTimedOut or
        EventType.ChildWorkflowExecutionCanceled or EventType.ChildWorkflowExecutionTerminated;

    public static WorkflowExecutionStatus StatusAfter(EventType close) => close switch
    {
        EventType.WorkflowExecutionCompleted => WorkflowExecutionStatus.Completed,
        EventType.WorkflowExecutionFailed => WorkflowExecutionStatus.Failed,
        EventType.WorkflowExecutionTimedOut => WorkflowExecutionStatus.TimedOut,
        EventType.WorkflowExecutionCanceled => WorkflowExecutionStatus.Canceled,
        EventType.WorkflowExecutionTerminated => WorkflowExecutionStatus.Terminated,
        EventType.WorkflowExecutionContinuedAsNew => WorkflowExecutionStatus.ContinuedAsNew,
        _ => throw new ArgumentOutOfRangeException(nameof(close), close, "This event does not close a run."),
    };
}
