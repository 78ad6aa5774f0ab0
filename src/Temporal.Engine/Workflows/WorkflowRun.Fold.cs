using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Activity.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Update.V1;

namespace Temporal.Engine;

/// <summary>How each event changes the run. The same code runs when an event is written and when a run is loaded.</summary>
sealed partial class WorkflowRun
{
    public HistoryEvent StartedEvent { get; private set; } = new();

    public WorkflowExecutionStartedEventAttributes Started => StartedEvent.WorkflowExecutionStartedEventAttributes;

    public string FirstRunId => Started.FirstExecutionRunId;

    public DateTime StartTime => StartedEvent.EventTime.ToDateTime();

    public WorkflowExecutionStatus Status { get; private set; } = WorkflowExecutionStatus.Running;

    public bool IsOpen => Status is WorkflowExecutionStatus.Running;

    public HistoryEvent? CloseEvent { get; private set; }

    /// <summary>Id of the Started event of the last workflow task that completed: a worker has seen history up to there.</summary>
    public long LastCompletedTaskStartedEventId { get; private set; }

    public long FirstTaskCompletedEventId { get; private set; }

    /// <summary>Of a run that a reset has made: what comes before is copied from another one. Otherwise 0.</summary>
    public long ResetEventId { get; private set; }

    public bool CancelRequested { get; private set; }

    public Dictionary<string, Payload> Memo { get; } = [];

    public Dictionary<string, Payload> SearchAttributes { get; } = [];

    /// <summary>By the id of the Scheduled event, in order.</summary>
    public SortedDictionary<long, PendingActivity> Activities { get; } = [];

    public Dictionary<string, PendingTimer> Timers { get; } = [];

    /// <summary>By the id of the Initiated event, in order.</summary>
    public SortedDictionary<long, PendingChild> Children { get; } = [];

    public HashSet<long> PendingExternalSignals { get; } = [];

    public HashSet<long> PendingExternalCancels { get; } = [];

    public long SignalCount { get; private set; }

    /// <summary>Accepted updates by id: the Accepted event's id, then the Completed event's id or 0.</summary>
    public Dictionary<string, (long Accepted, long Completed)> UpdateEvents { get; } = [];

    /// <summary>Updates that a reset has taken over into this history, by id, until a worker has answered a task with them.</summary>
    public Dictionary<string, (Request Request, long EventId)> AdmittedUpdates { get; } = [];

    public void LoadHistory(IEnumerable<HistoryEvent> events)
    {
        foreach (var one in events)
        {
            NextEventId = one.EventId + 1;
            Apply(one);
        }
    }

    /// <summary>Takes over another run's first events; they end with a workflow task that is not answered.</summary>
    public void CopyHistory(IReadOnlyList<HistoryEvent> events)
    {
        foreach (var one in events)
        {
            var copy = one.Clone();
            NextEventId = copy.EventId;
            Number(copy);
            Apply(copy);
        }

        var scheduled = events.Last(one => one.EventType == EventType.WorkflowTaskScheduled);
        var started = events[^1].EventType == EventType.WorkflowTaskStarted ? events[^1] : null;
        Task = new()
        {
            Attempt = 1,
            ScheduledEventId = scheduled.EventId,
            ScheduledTime = scheduled.EventTime.ToDateTime(),
            OriginalScheduledTime = scheduled.EventTime.ToDateTime(),
            Timeout = Durations.Of(Started.WorkflowTaskTimeout),
            StartedEventId = started?.EventId ?? 0,
            StartedTime = started?.EventTime.ToDateTime() ?? default,
        };
        _sideChanged = true;
    }

    void Apply(HistoryEvent one)
    {
        switch (one.EventType)
        {
            case EventType.WorkflowExecutionStarted:
                ApplyStarted(one);
                break;
            case EventType.WorkflowTaskCompleted:
                LastCompletedTaskStartedEventId = one.WorkflowTaskCompletedEventAttributes.StartedEventId;
                ForgetSeenAdmissions();
                NoteBuildId(one.WorkflowTaskCompletedEventAttributes);
                NoteResetPoint(one);
                if (FirstTaskCompletedEventId == 0)
                    FirstTaskCompletedEventId = one.EventId;
                break;
            case EventType.WorkflowTaskFailed:
                if (one.WorkflowTaskFailedEventAttributes.Cause == WorkflowTaskFailedCause.ResetWorkflow)
                    ResetEventId = one.EventId;
                break;
            case EventType.WorkflowExecutionSignaled:
                SignalCount++;
                break;
            case EventType.WorkflowExecutionCancelRequested:
                CancelRequested = true;
                break;
            case EventType.TimerStarted:
                ApplyTimerStarted(one);
                break;
            case EventType.TimerFired:
                Timers.Remove(one.TimerFiredEventAttributes.TimerId);
                break;
            case EventType.TimerCanceled:
                Timers.Remove(one.TimerCanceledEventAttributes.TimerId);
                break;
            case EventType.UpsertWorkflowSearchAttributes:
                Upsert(SearchAttributes, one.UpsertWorkflowSearchAttributesEventAttributes.SearchAttributes?.IndexedFields);
                break;
            case EventType.WorkflowPropertiesModified:
                Upsert(Memo, one.WorkflowPropertiesModifiedEventAttributes.UpsertedMemo?.Fields);
                break;
            case EventType.WorkflowExecutionUpdateAdmitted:
                var admitted = one.WorkflowExecutionUpdateAdmittedEventAttributes.Request;
                AdmittedUpdates[admitted.Meta.UpdateId] = (admitted, one.EventId);
                break;
            case EventType.WorkflowExecutionUpdateAccepted:
                UpdateEvents[one.WorkflowExecutionUpdateAcceptedEventAttributes.ProtocolInstanceId] = (one.EventId, 0);
                break;
            case EventType.WorkflowExecutionUpdateCompleted:
                var completed = one.WorkflowExecutionUpdateCompletedEventAttributes;
                UpdateEvents[completed.Meta.UpdateId] = (completed.AcceptedEventId, one.EventId);
                break;
            default:
                if (EventTypes.IsClose(one.EventType))
                    ApplyClosed(one);
                else if (!ApplyActivity(one) && !ApplyChild(one))
                    ApplyExternal(one);
                break;
        }
    }

    void ForgetSeenAdmissions()
    {
        foreach (var (id, admitted) in AdmittedUpdates)
        {
            if (admitted.EventId < LastCompletedTaskStartedEventId)
                AdmittedUpdates.Remove(id);
        }
    }

    void ApplyStarted(HistoryEvent one)
    {
        StartedEvent = one;
        _resetPoints.Clear();
        if (Started.PrevAutoResetPoints is { } previous)
            _resetPoints.AddRange(previous.Points);
        Upsert(Memo, Started.Memo?.Fields);
        Upsert(SearchAttributes, Started.SearchAttributes?.IndexedFields);
        _visibilityChanged = true;
    }

    void ApplyClosed(HistoryEvent one)
    {
        CloseEvent = one;
        Status = EventTypes.StatusAfter(one.EventType);
        Task = null;
        _buffered.Clear();
        _visibilityChanged = true;
    }

    void ApplyTimerStarted(HistoryEvent one)
    {
        var started = one.TimerStartedEventAttributes;
        var due = one.EventTime.ToDateTime() + started.StartToFireTimeout.ToTimeSpan();
        Timers[started.TimerId] = new(started.TimerId, one.EventId, due);
    }

    /// <summary>An empty value takes the field away.</summary>
    void Upsert(Dictionary<string, Payload> fields, IDictionary<string, Payload>? changes)
    {
        if (changes is null)
            return;
        _visibilityChanged = true;
        foreach (var (name, value) in changes)
        {
            if (PayloadValues.IsNull(value))
                fields.Remove(name);
            else
                fields[name] = value;
        }
    }

    bool ApplyActivity(HistoryEvent one)
    {
        switch (one.EventType)
        {
            case EventType.ActivityTaskScheduled:
                var scheduled = one.ActivityTaskScheduledEventAttributes;
                Activities[one.EventId] = new()
                {
                    ScheduledEventId = one.EventId,
                    ScheduledTime = one.EventTime.ToDateTime(),
                    AttemptScheduledTime = one.EventTime.ToDateTime(),
                    Scheduled = scheduled,
                    Options = OptionsOf(scheduled),
                };
                return true;
            case EventType.ActivityTaskCancelRequested:
                if (Activities.TryGetValue(one.ActivityTaskCancelRequestedEventAttributes.ScheduledEventId, out var activity))
                {
                    activity.CancelRequested = true;
                    activity.CancelRequestedEventId = one.EventId;
                }

                return true;
            case EventType.ActivityTaskStarted:
                return true;
            case EventType.ActivityTaskCompleted:
                return Activities.Remove(one.ActivityTaskCompletedEventAttributes.ScheduledEventId);
            case EventType.ActivityTaskFailed:
                return Activities.Remove(one.ActivityTaskFailedEventAttributes.ScheduledEventId);
            case EventType.ActivityTaskTimedOut:
                return Activities.Remove(one.ActivityTaskTimedOutEventAttributes.ScheduledEventId);
            case EventType.ActivityTaskCanceled:
                return Activities.Remove(one.ActivityTaskCanceledEventAttributes.ScheduledEventId);
            default:
                return false;
        }
    }

    public static ActivityOptions OptionsOf(ActivityTaskScheduledEventAttributes scheduled) => new()
    {
        TaskQueue = scheduled.TaskQueue,
        ScheduleToCloseTimeout = scheduled.ScheduleToCloseTimeout,
        ScheduleToStartTimeout = scheduled.ScheduleToStartTimeout,
        StartToCloseTimeout = scheduled.StartToCloseTimeout,
        HeartbeatTimeout = scheduled.HeartbeatTimeout,
        RetryPolicy = scheduled.RetryPolicy,
        Priority = scheduled.Priority,
    };

    void ApplyExternal(HistoryEvent one)
    {
        switch (one.EventType)
        {
            case EventType.SignalExternalWorkflowExecutionInitiated:
                PendingExternalSignals.Add(one.EventId);
                break;
            case EventType.SignalExternalWorkflowExecutionFailed:
                PendingExternalSignals.Remove(one.SignalExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            case EventType.ExternalWorkflowExecutionSignaled:
                PendingExternalSignals.Remove(one.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId);
                break;
            case EventType.RequestCancelExternalWorkflowExecutionInitiated:
                PendingExternalCancels.Add(one.EventId);
                break;
            case EventType.RequestCancelExternalWorkflowExecutionFailed:
                PendingExternalCancels.Remove(one.RequestCancelExternalWorkflowExecutionFailedEventAttributes.InitiatedEventId);
                break;
            case EventType.ExternalWorkflowExecutionCancelRequested:
                PendingExternalCancels.Remove(one.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId);
                break;
        }
    }
}
