using Temporalio.Api.History.V1;
using Attributes = Temporalio.Api.History.V1.HistoryEvent.AttributesOneofCase;

namespace Temporalio.Worker.Execution;

/// <summary>What an event is about, in a few words.</summary>
static class EventText
{
    public static string Describe(HistoryEvent e)
    {
        var subject = Subject(e);
        return subject is null ? e.EventType.ToString() : $"{e.EventType} ({subject})";
    }

    static string? Subject(HistoryEvent e) => e.AttributesCase switch
    {
        Attributes.ActivityTaskScheduledEventAttributes =>
            $"activity '{e.ActivityTaskScheduledEventAttributes.ActivityType.Name}', "
                + $"id '{e.ActivityTaskScheduledEventAttributes.ActivityId}'",
        Attributes.TimerStartedEventAttributes => $"timer '{e.TimerStartedEventAttributes.TimerId}'",
        Attributes.TimerFiredEventAttributes => $"timer '{e.TimerFiredEventAttributes.TimerId}'",
        Attributes.TimerCanceledEventAttributes => $"timer '{e.TimerCanceledEventAttributes.TimerId}'",
        Attributes.StartChildWorkflowExecutionInitiatedEventAttributes =>
            $"child workflow '{e.StartChildWorkflowExecutionInitiatedEventAttributes.WorkflowType.Name}', id "
            + $"'{e.StartChildWorkflowExecutionInitiatedEventAttributes.WorkflowId}'",
        Attributes.SignalExternalWorkflowExecutionInitiatedEventAttributes =>
            $"signal '{e.SignalExternalWorkflowExecutionInitiatedEventAttributes.SignalName}' to workflow "
            + $"'{e.SignalExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId}'",
        Attributes.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes =>
            $"workflow '{e.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId}'",
        Attributes.MarkerRecordedEventAttributes => MarkerSubject(e),
        Attributes.WorkflowExecutionUpdateAcceptedEventAttributes =>
            $"update '{e.WorkflowExecutionUpdateAcceptedEventAttributes.ProtocolInstanceId}'",
        Attributes.WorkflowExecutionUpdateCompletedEventAttributes =>
            $"update '{e.WorkflowExecutionUpdateCompletedEventAttributes.Meta.UpdateId}'",
        Attributes.ActivityTaskCancelRequestedEventAttributes =>
            $"activity of event {e.ActivityTaskCancelRequestedEventAttributes.ScheduledEventId}",
        _ => null,
    };

    static string MarkerSubject(HistoryEvent e)
    {
        var marker = e.MarkerRecordedEventAttributes;
        if (Operations.PatchMarker.Read(e) is { } patch)
            return $"patch '{patch.Id}'";
        return Operations.LocalActivityMarker.Read(e) is { } local
            ? $"local activity '{local.Data.ActivityType}', id '{local.Data.ActivityId}'"
            : $"marker '{marker.MarkerName}'";
    }
}
