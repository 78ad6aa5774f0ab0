using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

sealed partial class WorkflowTaskCompletion
{
    const string NotStarted = "ACTIVITY_ID_NOT_STARTED";

    HistoryEvent ScheduleActivity(ScheduleActivityTaskCommandAttributes attributes)
    {
        var scheduled = Normalized(attributes);
        if (_run.Activities.Count >= HistoryLimits.Pending)
        {
            throw new WorkflowTaskRefused(
                WorkflowTaskFailedCause.PendingActivitiesLimitExceeded,
                $"the number of pending activities, {_run.Activities.Count}, has reached the per-workflow limit of {HistoryLimits.Pending}");
        }

        if (_run.Activities.Values.Any(other => other.ActivityId == attributes.ActivityId))
        {
            throw new WorkflowTaskRefused(
                WorkflowTaskFailedCause.ScheduleActivityDuplicateId,
                $"invalid history builder state for action: add-activitytask-scheduled-event, ActivityID: {attributes.ActivityId}");
        }

        var written = _run.Add(_tx, new() { ActivityTaskScheduledEventAttributes = scheduled });
        var activity = _run.Activities[written.EventId];
        var eager = attributes.RequestEagerExecution && scheduled.TaskQueue.Name == _run.Started.TaskQueue.Name;
        if (eager)
        {
            activity.IsQueued = true;
            _eager.Add(activity);
        }
        else
        {
            ActivityRules.Enqueue(_tx, _run, activity);
        }

        return written;
    }

    /// <summary>Checks the command and fills in the timeouts that follow from the others.</summary>
    ActivityTaskScheduledEventAttributes Normalized(ScheduleActivityTaskCommandAttributes attributes)
    {
        CheckSet(attributes, WorkflowTaskFailedCause.BadScheduleActivityAttributes, "ScheduleActivityTask");
        if (StartValidation.ProblemOfWork(attributes.TaskQueue, _run.Started.TaskQueue.Name) is { } queue)
            throw Bad(queue);
        var type = attributes.ActivityType?.Name ?? "";
        if (attributes.ActivityId.Length == 0)
            throw Bad("activityId is not set");
        if (type.Length == 0)
            throw Bad("activityType is not set");
        var retry = RetryRules.WithDefaults(attributes.RetryPolicy);
        if (RetryRules.Problem(retry) is { } problem)
            throw Bad(problem);
        if (HistoryLimits.IsTooLong(attributes.ActivityId))
            throw Bad($"activityId exceeds length limit. {LengthText(attributes.ActivityId)}");
        if (HistoryLimits.IsTooLong(type))
            throw Bad($"activityType exceeds length limit. {LengthText(type)}");
        if (StartValidation.Problem(attributes.Priority) is { } priority)
            throw Bad($"invalid priorities: {priority}");
        CheckDuration("ScheduleToCloseTimeout", attributes.ScheduleToCloseTimeout);
        CheckDuration("ScheduleToStartTimeout", attributes.ScheduleToStartTimeout);
        CheckDuration("StartToCloseTimeout", attributes.StartToCloseTimeout);
        CheckDuration("HeartbeatTimeout", attributes.HeartbeatTimeout);
        var times = ActivityTimeouts.Of(
            attributes.ScheduleToCloseTimeout, attributes.ScheduleToStartTimeout, attributes.StartToCloseTimeout,
            attributes.HeartbeatTimeout,
            _run.Started.WorkflowRunTimeout)
            ?? throw Bad(
                $"a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity. ActivityId={attributes.ActivityId} "
                    + $"ActivityType={type}");
        CheckBlob(
            attributes.Input, WorkflowTaskFailedCause.BadScheduleActivityAttributes,
            "ScheduleActivityTaskCommandAttributes.Input exceeds size limit.");
        return new()
        {
            ActivityId = attributes.ActivityId,
            ActivityType = attributes.ActivityType,
            TaskQueue = new() { Name = attributes.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Header = attributes.Header,
            Input = attributes.Input,
            ScheduleToCloseTimeout = times.ScheduleToClose,
            ScheduleToStartTimeout = times.ScheduleToStart,
            StartToCloseTimeout = times.StartToClose,
            HeartbeatTimeout = times.Heartbeat,
            WorkflowTaskCompletedEventId = _completedEventId,
            RetryPolicy = retry,
            Priority = attributes.Priority,
        };

        static WorkflowTaskRefused Bad(string message) => new(WorkflowTaskFailedCause.BadScheduleActivityAttributes, message);

        static void CheckDuration(string name, Duration? duration)
        {
            if (Durations.Problem(duration) is { } problem)
                throw Bad($"invalid {name}: {problem}");
        }
    }

    HistoryEvent CancelActivity(RequestCancelActivityTaskCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadRequestCancelActivityAttributes;
        CheckSet(attributes, cause, "RequestCancelActivityTask");
        if (attributes.ScheduledEventId <= 0)
            throw new WorkflowTaskRefused(cause, "ScheduledEventId is not set on RequestCancelActivityTaskCommand.");
        var known = _run.Activities.TryGetValue(attributes.ScheduledEventId, out var activity);
        if ((!known && !_run.HasBufferedEndOf(attributes.ScheduledEventId)) || activity is { CancelRequested: true })
        {
            throw new WorkflowTaskRefused(
                cause,
                $"invalid history builder state for action: add-activitytask-cancel-requested-event, "
                    + $"ScheduledEventID: {attributes.ScheduledEventId}");
        }

        var written = _run.Add(_tx, new()
        {
            ActivityTaskCancelRequestedEventAttributes = new()
            {
                ScheduledEventId = attributes.ScheduledEventId,
                WorkflowTaskCompletedEventId = _completedEventId,
            },
        });
        if (activity is { StartedTime: null })
        {
            ActivityRules.Cancel(_tx, _run, activity, PayloadValues.JsonList(NotStarted), _request.Identity);
            _eager.Remove(activity);
            _canceledUnstarted = true;
        }

        return written;
    }

    void StartEager()
    {
        if (!_run.IsOpen)
            _eager.Clear();
        foreach (var activity in _eager)
            ActivityRules.Start(_tx, _run, activity, _request.Identity);
    }
}

/// <summary>The timeouts of an activity after the missing ones were derived from the others.</summary>
sealed record ActivityTimeouts(Duration ScheduleToClose, Duration ScheduleToStart, Duration StartToClose, Duration Heartbeat)
{
    /// <summary>Null when neither the attempt nor the whole is bounded.</summary>
    public static ActivityTimeouts? Of(
        Duration? scheduleToClose, Duration? scheduleToStart, Duration? startToClose, Duration? heartbeat, Duration? runTimeout)
    {
        var run = Durations.Of(runTimeout);
        var close = Durations.Of(scheduleToClose);
        var start = Durations.Of(scheduleToStart);
        var attempt = Durations.Of(startToClose);
        if (close > TimeSpan.Zero)
        {
            start = start > TimeSpan.Zero ? Min(start, close) : close;
            attempt = attempt > TimeSpan.Zero ? Min(attempt, close) : close;
        }
        else if (attempt > TimeSpan.Zero)
        {
            close = run;
            start = start > TimeSpan.Zero ? start : run;
        }
        else
        {
            return null;
        }

        var beat = Durations.Of(heartbeat);
        if (run > TimeSpan.Zero)
            (close, start, attempt, beat) = (Min(close, run), Min(start, run), Min(attempt, run), Min(beat, run));
        return new(To(close), To(start), To(attempt), To(Min(beat, attempt)));
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    static Duration To(TimeSpan span) => Duration.FromTimeSpan(span);
}
