using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Stored;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>An attempt of an activity in its queue.</summary>
sealed class QueuedActivityTask(WorkflowRun run, PendingActivity activity, DateTime queuedAt)
    : QueuedTask(queuedAt, Priorities.Of(activity.Options.Priority, run.Started.Priority))
{
    readonly int _attempt = activity.Attempt;
    readonly int _stamp = activity.Stamp;

    public override bool IsWanted =>
        !run.IsDetached && run.IsOpen && activity.StartedTime is null && activity.Attempt == _attempt && activity.Stamp == _stamp
            && !activity.Paused &&
        run.Activities.TryGetValue(activity.ScheduledEventId, out var current) && ReferenceEquals(current, activity);

    public override Func<IMessage> HandOut(EngineTransaction tx, Poller poller)
    {
        ActivityRules.Start(tx, run, activity, poller.Identity);
        var answer = Answer(run, activity);
        return () => answer;
    }

    /// <summary>A started activity as its worker gets it.</summary>
    public static PollActivityTaskQueueResponse Answer(WorkflowRun run, PendingActivity activity)
    {
        var scheduled = activity.Scheduled;
        return new()
        {
            TaskToken = Token(run, activity).ToByteString(),
            WorkflowNamespace = run.Namespace.Name,
            WorkflowType = run.Started.WorkflowType,
            WorkflowExecution = run.Execution,
            ActivityType = scheduled.ActivityType,
            ActivityId = scheduled.ActivityId,
            Header = scheduled.Header,
            Input = scheduled.Input,
            HeartbeatDetails = activity.HeartbeatDetails,
            ScheduledTime = Timestamp.FromDateTime(activity.ScheduledTime),
            CurrentAttemptScheduledTime = Timestamp.FromDateTime(activity.AttemptScheduledTime),
            // Only a started activity is handed out.
            StartedTime = Timestamp.FromDateTime(activity.StartedTime!.Value),
            Attempt = activity.Attempt,
            ScheduleToCloseTimeout = activity.Options.ScheduleToCloseTimeout,
            StartToCloseTimeout = activity.Options.StartToCloseTimeout,
            HeartbeatTimeout = activity.Options.HeartbeatTimeout,
            RetryPolicy = activity.Options.RetryPolicy,
            Priority = scheduled.Priority,
        };
    }

    static TaskToken Token(WorkflowRun run, PendingActivity activity) => new()
    {
        NamespaceId = run.Namespace.Id,
        WorkflowId = run.WorkflowId,
        RunId = run.RunId,
        ScheduledEventId = activity.ScheduledEventId,
        ActivityId = activity.ActivityId,
        Attempt = activity.Attempt,
    };
}
