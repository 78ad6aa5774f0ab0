using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>Timers, markers, search attributes, memo.</summary>
sealed partial class WorkflowTaskCompletion
{
    HistoryEvent StartTimer(StartTimerCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadStartTimerAttributes;
        CheckSet(attributes, cause, "StartTimer");
        if (attributes.TimerId.Length == 0)
            throw new WorkflowTaskRefused(cause, "TimerId is not set on StartTimerCommand.");
        CheckId(cause, "TimerId", "StartTimerCommand", attributes.TimerId);
        if (Durations.Problem(attributes.StartToFireTimeout) is { } problem)
            throw new WorkflowTaskRefused(
                cause, $"An invalid StartToFireTimeout is set on StartTimerCommand: {problem}. TimerId={attributes.TimerId}");
        if (_run.Timers.ContainsKey(attributes.TimerId))
        {
            throw new WorkflowTaskRefused(
                WorkflowTaskFailedCause.StartTimerDuplicateId,
                $"invalid history builder state for action: add-timer-started-event, TimerID: {attributes.TimerId}");
        }

        return _run.Add(_tx, new()
        {
            TimerStartedEventAttributes = new()
            {
                TimerId = attributes.TimerId,
                StartToFireTimeout = attributes.StartToFireTimeout ?? new(),
                WorkflowTaskCompletedEventId = _completedEventId,
            },
        });
    }

    static void CheckId(WorkflowTaskFailedCause cause, string field, string command, string id) =>
        CheckId(cause, field, command, id, $"{field}={id} {LengthText(id)}");

    static void CheckId(WorkflowTaskFailedCause cause, string field, string command, string id, string where)
    {
        if (HistoryLimits.IsTooLong(id))
            throw new WorkflowTaskRefused(cause, $"{field} on {command} exceeds length limit. {where}");
    }

    static string LengthText(string id) => $"Length={HistoryLimits.LengthOf(id)} Limit={HistoryLimits.IdLength}";

    HistoryEvent CancelTimer(CancelTimerCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadCancelTimerAttributes;
        CheckSet(attributes, cause, "CancelTimer");
        if (attributes.TimerId.Length == 0)
            throw new WorkflowTaskRefused(cause, "TimerId is not set on CancelTimerCommand.");
        CheckId(cause, "TimerId", "CancelTimerCommand", attributes.TimerId);
        // A timer that fired while the task ran has only a buffered event: the cancellation wins and takes it away.
        var startedEventId = _run.Timers.TryGetValue(attributes.TimerId, out var timer)
            ? timer.StartedEventId
            : _run.TakeBufferedTimerFired(_tx, attributes.TimerId)
            ?? throw new WorkflowTaskRefused(
                cause, $"invalid history builder state for action: add-timer-canceled-event, TimerID: {attributes.TimerId}");
        _hasNews = _hasNews && _run.HasBuffered;
        return _run.Add(_tx, new()
        {
            TimerCanceledEventAttributes = new()
            {
                TimerId = attributes.TimerId,
                StartedEventId = startedEventId,
                WorkflowTaskCompletedEventId = _completedEventId,
                Identity = _request.Identity,
            },
        });
    }

    HistoryEvent RecordMarker(RecordMarkerCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadRecordMarkerAttributes;
        CheckSet(attributes, cause, "RecordMarker");
        if (attributes.MarkerName.Length == 0)
            throw new WorkflowTaskRefused(cause, "MarkerName is not set on RecordMarkerCommand.");
        CheckId(cause, "MarkerName", "RecordMarkerCommand", attributes.MarkerName);
        CheckSize(
            attributes.Details.Sum(pair => pair.Key.Length + pair.Value.CalculateSize()), cause,
            "RecordMarkerCommandAttributes.Details exceeds size limit.");
        var marker = new MarkerRecordedEventAttributes
        {
            MarkerName = attributes.MarkerName,
            WorkflowTaskCompletedEventId = _completedEventId,
            Header = attributes.Header,
            Failure = attributes.Failure,
        };
        marker.Details.Add(attributes.Details);
        return _run.Add(_tx, new() { MarkerRecordedEventAttributes = marker });
    }

    /// <summary>The fields after the change: an empty value takes one away.</summary>
    static Dictionary<string, Payload> Merged(Dictionary<string, Payload> fields, IDictionary<string, Payload> changes)
    {
        var merged = new Dictionary<string, Payload>(fields);
        foreach (var (name, value) in changes)
        {
            if (PayloadValues.IsNull(value))
                merged.Remove(name);
            else
                merged[name] = value;
        }

        return merged;
    }

    static int Sizes(IDictionary<string, Payload> fields) => fields.Sum(pair => pair.Key.Length + pair.Value.Data.Length);

    static void CheckSearchAttributes(SearchAttributes? attributes, WorkflowTaskFailedCause cause)
    {
        if (attributes is not null && SearchAttributeRules.SizeProblem(attributes) is { } problem)
            throw new WorkflowTaskRefused(cause, problem, terminates: true);
    }

    HistoryEvent UpsertSearchAttributes(UpsertWorkflowSearchAttributesCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadSearchAttributes;
        CheckSet(attributes, cause, "UpsertWorkflowSearchAttributes");
        if (attributes.SearchAttributes is null)
            throw new WorkflowTaskRefused(cause, "SearchAttributes is not set on UpsertWorkflowSearchAttributesCommand.");
        if (attributes.SearchAttributes.IndexedFields.Count == 0)
            throw new WorkflowTaskRefused(cause, "IndexedFields is not set on UpsertWorkflowSearchAttributesCommand.");
        if (SearchAttributeRules.Problem(_run.Namespace, attributes.SearchAttributes) is { } problem)
            throw new WorkflowTaskRefused(cause, problem);
        CheckSize(
            Sizes(attributes.SearchAttributes.IndexedFields), cause, "UpsertWorkflowSearchAttributesCommandAttributes exceeds size limit.");
        CheckSearchAttributes(
            new() { IndexedFields = { Merged(_run.SearchAttributes, attributes.SearchAttributes.IndexedFields) } }, cause);
        return _run.Add(_tx, new()
        {
            UpsertWorkflowSearchAttributesEventAttributes = new()
            {
                WorkflowTaskCompletedEventId = _completedEventId,
                SearchAttributes = SearchAttributeRules.Typed(_run.Namespace, attributes.SearchAttributes),
            },
        });
    }

    HistoryEvent ModifyProperties(ModifyWorkflowPropertiesCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes;
        CheckSet(attributes, cause, "ModifyWorkflowProperties");
        if (attributes.UpsertedMemo is null)
            throw new WorkflowTaskRefused(cause, "UpsertedMemo is not set on ModifyWorkflowPropertiesCommand.");
        if (attributes.UpsertedMemo.Fields.Count == 0)
            throw new WorkflowTaskRefused(cause, "UpsertedMemo.Fields is not set on ModifyWorkflowPropertiesCommand.");
        CheckSize(Sizes(attributes.UpsertedMemo.Fields), cause, "ModifyWorkflowPropertiesCommandAttributes exceeds size limit.");
        CheckBlob(
            new Memo { Fields = { Merged(_run.Memo, attributes.UpsertedMemo.Fields) } }, cause,
            "ModifyWorkflowPropertiesCommandAttributes. Memo exceeds size limit.");
        return _run.Add(_tx, new()
        {
            WorkflowPropertiesModifiedEventAttributes = new()
            {
                WorkflowTaskCompletedEventId = _completedEventId,
                UpsertedMemo = attributes.UpsertedMemo,
            },
        });
    }
}
