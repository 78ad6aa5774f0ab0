using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>
/// The life of an activity. Its Started event is written only when the attempts have ended, so that retries leave no trace
/// but the attempt number; until then attempts, heartbeats and failures live in the side record.
/// </summary>
static class ActivityRules
{
    const string NotEnoughTime = "Not enough time to schedule next retry before activity ScheduleToClose timeout, giving up retrying";

    public static void Enqueue(EngineTransaction tx, WorkflowRun run, PendingActivity activity)
    {
        activity.IsQueued = true;
        tx.State.TaskQueues.Get(run.Namespace.Id, activity.Options.TaskQueue.Name, TaskQueueType.Activity)
            .Add(tx, new QueuedActivityTask(run, activity, tx.Now));
    }

    public static void Start(EngineTransaction tx, WorkflowRun run, PendingActivity activity, string identity)
    {
        run.TouchSide(tx);
        activity.IsQueued = false;
        activity.StartedTime = tx.Now;
        activity.LastStartedTime = tx.Now;
        activity.StartedIdentity = identity;
        activity.LastIdentity = identity;
        activity.RequestId = Guid.NewGuid().ToString();
        activity.HeartbeatTime = null;
    }

    public static void Complete(EngineTransaction tx, WorkflowRun run, PendingActivity activity, Payloads? result, string identity)
    {
        AddStarted(tx, run, activity);
        run.Add(tx, new()
        {
            ActivityTaskCompletedEventAttributes = new()
            {
                Result = result,
                ScheduledEventId = activity.ScheduledEventId,
                Identity = identity,
            },
        });
        WorkflowTaskRules.Wake(tx, run);
    }

    static void AddStarted(EngineTransaction tx, WorkflowRun run, PendingActivity activity)
    {
        if (activity.StartedTime is not { } started)
            return;
        run.Add(tx, new()
        {
            ActivityTaskStartedEventAttributes = new()
            {
                ScheduledEventId = activity.ScheduledEventId,
                Identity = activity.StartedIdentity,
                RequestId = activity.RequestId,
                Attempt = activity.Attempt,
                LastFailure = activity.LastFailure,
            },
        }, started);
    }

    public static void Fail(EngineTransaction tx, WorkflowRun run, PendingActivity activity, Failure? failure, string identity)
    {
        var state = Retry(tx, run, activity, failure ?? new());
        if (state == RetryState.InProgress)
            return;
        AddStarted(tx, run, activity);
        run.Add(tx, new()
        {
            ActivityTaskFailedEventAttributes = new()
            {
                Failure = failure,
                ScheduledEventId = activity.ScheduledEventId,
                Identity = identity,
                RetryState = state,
            },
        });
        WorkflowTaskRules.Wake(tx, run);
    }

    public static void TimeOut(EngineTransaction tx, WorkflowRun run, PendingActivity activity, TimeoutType type)
    {
        var failure = TimeoutFailure($"activity {type} timeout", type);
        var state = Retry(tx, run, activity, failure);
        if (state == RetryState.InProgress)
            return;
        // Without time for another attempt it is the whole activity that is out of time.
        if (state == RetryState.Timeout && type != TimeoutType.ScheduleToStart)
            failure = TimeoutFailure(NotEnoughTime, TimeoutType.ScheduleToClose);
        failure.TimeoutFailureInfo.LastHeartbeatDetails = activity.HeartbeatDetails;
        failure.Cause = activity.LastFailure;
        AddStarted(tx, run, activity);
        run.Add(tx, new()
        {
            ActivityTaskTimedOutEventAttributes = new()
            {
                Failure = failure,
                ScheduledEventId = activity.ScheduledEventId,
                RetryState = state,
            },
        });
        WorkflowTaskRules.Wake(tx, run);
    }

    public static Failure TimeoutFailure(string message, TimeoutType type) => new()
    {
        Message = message,
        Source = "Server",
        TimeoutFailureInfo = new() { TimeoutType = type },
    };

    public static void Cancel(EngineTransaction tx, WorkflowRun run, PendingActivity activity, Payloads? details, string identity)
    {
        AddStarted(tx, run, activity);
        run.Add(tx, new()
        {
            ActivityTaskCanceledEventAttributes = new()
            {
                Details = details,
                LatestCancelRequestedEventId = activity.CancelRequestedEventId,
                ScheduledEventId = activity.ScheduledEventId,
                Identity = identity,
            },
        });
    }

    /// <summary>Prepares the next attempt, or says why there is none.</summary>
    static RetryState Retry(EngineTransaction tx, WorkflowRun run, PendingActivity activity, Failure failure)
    {
        if (activity.CancelRequested && activity.Options.RetryPolicy is not null)
            return RetryState.CancelRequested;
        var (state, wait) = RetryRules.Next(activity.Options.RetryPolicy, activity.Attempt, failure, tx.Now, Expiration(activity));
        if (activity.ResetRequested && state is RetryState.InProgress or RetryState.MaximumAttemptsReached or RetryState.Timeout)
            return RetryAfterReset(tx, run, activity);
        // A pause outlasts the attempts, and their time: whoever lifts it decides anew. What must not be tried again fails all the same.
        if (activity.Paused && !IsOutOfTime(failure)
            && state is RetryState.InProgress or RetryState.MaximumAttemptsReached or RetryState.Timeout)
        {
            NextAttempt(tx, run, activity, failure, TimeSpan.Zero);
            return RetryState.InProgress;
        }

        if (state != RetryState.InProgress)
            return state;
        NextAttempt(tx, run, activity, failure, wait);
        return state;
    }

    static bool IsOutOfTime(Failure failure) =>
        failure.TimeoutFailureInfo?.TimeoutType is TimeoutType.ScheduleToStart or TimeoutType.ScheduleToClose;

    static RetryState RetryAfterReset(EngineTransaction tx, WorkflowRun run, PendingActivity activity)
    {
        run.TouchSide(tx);
        activity.ResetRequested = false;
        activity.Attempt = 0;
        if (activity.ResetHeartbeats)
            activity.HeartbeatDetails = null;
        activity.ResetHeartbeats = false;
        NextAttempt(tx, run, activity, null, TimeSpan.Zero);
        return RetryState.InProgress;
    }

    static void NextAttempt(EngineTransaction tx, WorkflowRun run, PendingActivity activity, Failure? failure, TimeSpan wait)
    {
        run.TouchSide(tx);
        activity.LastCompleteTime = tx.Now;
        activity.StartedTime = null;
        activity.IsQueued = false;
        activity.Attempt++;
        activity.LastFailure = failure;
        activity.RetryInterval = wait;
        activity.AttemptScheduledTime = tx.Now + wait;
        if (wait == TimeSpan.Zero && !activity.Paused)
            Enqueue(tx, run, activity);
    }

    /// <summary>When no attempt may begin any more; null: never.</summary>
    public static DateTime? Expiration(PendingActivity activity) =>
        Durations.Of(activity.Options.ScheduleToCloseTimeout) is { Ticks: > 0 } limit ? activity.ScheduledTime + limit : null;

    /// <summary>The first thing that happens to an activity by itself, and when.</summary>
    public static (DateTime Due, TimeoutType Type)? NextDue(PendingActivity activity)
    {
        (DateTime Due, TimeoutType Type)? first = null;
        Consider(Expiration(activity), TimeoutType.ScheduleToClose);
        if (activity.StartedTime is { } started)
        {
            Consider(After(started, activity.Options.StartToCloseTimeout), TimeoutType.StartToClose);
            Consider(After(activity.HeartbeatTime ?? started, activity.Options.HeartbeatTimeout), TimeoutType.Heartbeat);
        }
        else if (!activity.IsQueued && !activity.Paused)
        {
            // Due for its queue: no timeout at all.
            Consider(activity.AttemptScheduledTime, TimeoutType.Unspecified);
        }
        else if (activity.IsQueued)
        {
            Consider(After(activity.AttemptScheduledTime, activity.Options.ScheduleToStartTimeout), TimeoutType.ScheduleToStart);
        }

        return first;

        void Consider(DateTime? due, TimeoutType type)
        {
            if (due is { } some && (first is null || some < first.Value.Due))
                first = (some, type);
        }
    }

    static DateTime? After(DateTime from, Duration? timeout) => Durations.Of(timeout) is { Ticks: > 0 } limit ? from + limit : null;
}
