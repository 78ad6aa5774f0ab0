using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Activity.V1;

namespace Temporal.Engine;

/// <summary>What an operator may do to an activity that is not over.</summary>
static class ActivityControlRules
{
    /// <summary>No attempt begins until it is unpaused; the running one goes on and hears of it with its next heartbeat.</summary>
    public static void Pause(EngineTransaction tx, WorkflowRun run, PendingActivity activity, string identity, string reason)
    {
        if (activity.Paused)
            return;
        run.TouchSide(tx);
        activity.Paused = true;
        activity.PausedTime = tx.Now;
        activity.PausedIdentity = identity;
        activity.PausedReason = reason;
        activity.IsQueued = false;
        activity.Stamp++;
    }

    /// <summary>Lets a paused activity go on. One that is not paused stays as it is, attempts included.</summary>
    public static void Unpause(
        EngineTransaction tx, WorkflowRun run, PendingActivity activity, bool resetAttempts, bool resetHeartbeat, Duration? jitter)
    {
        if (!activity.Paused)
            return;
        run.TouchSide(tx);
        activity.Paused = false;
        activity.PausedReason = "";
        activity.PausedIdentity = "";
        activity.Stamp++;
        if (resetAttempts)
            activity.Attempt = 1;
        if (resetHeartbeat)
            activity.HeartbeatDetails = null;
        Continue(tx, run, activity, jitter);
    }

    /// <summary>Attempts start again at 1: at once, or after the running one.</summary>
    public static void Reset(
        EngineTransaction tx, WorkflowRun run, PendingActivity activity, bool resetHeartbeat, bool keepPaused, bool restoreOptions,
        Duration? jitter)
    {
        run.TouchSide(tx);
        activity.Stamp++;
        if (restoreOptions)
            Restore(activity);
        if (activity.Paused && !keepPaused)
            activity.Paused = false;
        if (activity.StartedTime is not null)
        {
            activity.ResetRequested = true;
            activity.ResetHeartbeats = resetHeartbeat;
            return;
        }

        activity.Attempt = 1;
        if (resetHeartbeat)
            activity.HeartbeatDetails = null;
        Continue(tx, run, activity, jitter);
    }

    static void Restore(PendingActivity activity)
    {
        activity.Options = WorkflowRun.OptionsOf(activity.Scheduled);
        activity.OptionsChanged = false;
    }

    /// <param name="jitter">The next attempt comes at some moment within it, so that many do not come at once.</param>
    static void Continue(EngineTransaction tx, WorkflowRun run, PendingActivity activity, Duration? jitter)
    {
        if (activity.StartedTime is not null || activity.Paused)
            return;
        activity.LastFailure = null;
        var wait = Durations.Of(jitter) * Random.Shared.NextDouble();
        activity.AttemptScheduledTime = tx.Now + wait;
        activity.RetryInterval = activity.AttemptScheduledTime - activity.LastCompleteTime;
        activity.IsQueued = false;
        if (wait == TimeSpan.Zero)
            ActivityRules.Enqueue(tx, run, activity);
    }

    public static ActivityOptions Update(
        EngineTransaction tx, WorkflowRun run, PendingActivity activity, ActivityOptions? changes, FieldMask? mask, bool restore)
    {
        run.TouchSide(tx);
        if (restore)
        {
            Restore(activity);
        }
        else
        {
            var options = activity.Options.Clone();
            options.RetryPolicy ??= new();
            // Replaced, not merged: what the mask names without a value is taken away.
            mask!.Merge(
                changes!, options, new() { ReplaceMessageFields = true, ReplacePrimitiveFields = true, ReplaceRepeatedFields = true });
            activity.Options = Normalized(run, options);
            activity.OptionsChanged = true;
        }

        activity.Stamp++;
        Reschedule(tx, run, activity);
        return activity.Options;
    }

    static ActivityOptions Normalized(WorkflowRun run, ActivityOptions options)
    {
        options.RetryPolicy = RetryRules.WithDefaults(options.RetryPolicy);
        if (RetryRules.Problem(options.RetryPolicy) is { } problem)
            throw Refuse.Invalid(problem);
        var times = ActivityTimeouts.Of(
            options.ScheduleToCloseTimeout, options.ScheduleToStartTimeout, options.StartToCloseTimeout, options.HeartbeatTimeout,
            run.Started.WorkflowRunTimeout)
            ?? throw Refuse.Invalid("a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity.");
        options.ScheduleToCloseTimeout = times.ScheduleToClose;
        options.ScheduleToStartTimeout = times.ScheduleToStart;
        options.StartToCloseTimeout = times.StartToClose;
        options.HeartbeatTimeout = times.Heartbeat;
        return options;
    }

    /// <summary>The wait for the next attempt follows the new options at once.</summary>
    static void Reschedule(EngineTransaction tx, WorkflowRun run, PendingActivity activity)
    {
        if (activity.StartedTime is not null || activity.Paused)
            return;
        if (activity.IsQueued || activity.LastCompleteTime is not { } completed)
        {
            ActivityRules.Enqueue(tx, run, activity);
            return;
        }

        activity.LastFailure = null;
        var wait = RetryRules.WaitBefore(activity.Options.RetryPolicy, activity.Attempt);
        activity.RetryInterval = wait;
        activity.AttemptScheduledTime = completed + wait;
        if (activity.AttemptScheduledTime <= tx.Now)
            ActivityRules.Enqueue(tx, run, activity);
    }
}
