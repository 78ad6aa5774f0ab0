using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Activity.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>A run as DescribeWorkflowExecution shows it.</summary>
static class Description
{
    // How the server says "no run timeout": the zero time of its language.
    static readonly Timestamp NoTime = new() { Seconds = -62135596800 };

    public static DescribeWorkflowExecutionResponse Of(WorkflowRun run, DateTime now)
    {
        var answer = new DescribeWorkflowExecutionResponse
        {
            ExecutionConfig = new()
            {
                TaskQueue = new() { Name = run.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal },
                WorkflowExecutionTimeout = run.Started.WorkflowExecutionTimeout,
                WorkflowRunTimeout = run.Started.WorkflowRunTimeout,
                DefaultWorkflowTaskTimeout = run.Started.WorkflowTaskTimeout,
                UserMetadata = run.StartedEvent.UserMetadata,
            },
            WorkflowExecutionInfo = InfoOf(run),
            WorkflowExtendedInfo = new()
            {
                ExecutionExpirationTime = run.ExecutionExpiration is { } end ? Timestamp.FromDateTime(end) : null,
                RunExpirationTime = run.RunExpiration is { } runEnd ? Timestamp.FromDateTime(runEnd) : NoTime,
                CancelRequested = run.CancelRequested,
                OriginalStartTime = run.StartedEvent.EventTime,
                ResetRunId = run.ResetRunId,
            },
        };
        answer.WorkflowExtendedInfo.RequestIdInfos.Add(
            run.CreateRequestId, new RequestIdInfo { EventType = EventType.WorkflowExecutionStarted, EventId = 1 });
        if (!run.IsOpen)
            return answer;
        foreach (var activity in run.Activities.Values)
            answer.PendingActivities.Add(ActivityOf(activity, now));
        foreach (var child in run.Children.Values)
            answer.PendingChildren.Add(ChildOf(child));
        if (run.Task is { } task)
            answer.PendingWorkflowTask = TaskOf(task);
        return answer;
    }

    static WorkflowExecutionInfo InfoOf(WorkflowRun run)
    {
        var info = new WorkflowExecutionInfo
        {
            Execution = run.Execution,
            Type = run.Started.WorkflowType,
            StartTime = run.StartedEvent.EventTime,
            CloseTime = run.CloseEvent?.EventTime,
            Status = run.Status,
            HistoryLength = run.NextEventId - 1,
            ParentNamespaceId = run.Started.ParentWorkflowNamespaceId,
            ParentExecution = run.Started.ParentWorkflowExecution,
            ExecutionTime = Timestamp.FromDateTime(run.StartTime + Durations.Of(run.Started.FirstWorkflowTaskBackoff)),
            Memo = new(),
            SearchAttributes = run.ShownSearchAttributes(),
            AutoResetPoints = run.ResetPoints,
            TaskQueue = run.Started.TaskQueue.Name,
            StateTransitionCount = run.StateTransitions,
            HistorySizeBytes = run.HistorySize,
            RootExecution = run.Started.RootWorkflowExecution ?? run.Execution,
            FirstRunId = run.FirstRunId,
            Priority = run.Started.Priority,
        };
        info.Memo.Fields.Add(run.Memo);
        if (info.CloseTime is not null)
            info.ExecutionDuration = info.CloseTime - info.ExecutionTime;
        return info;
    }

    public static PendingActivityInfo ActivityOf(PendingActivity activity, DateTime now)
    {
        var info = new PendingActivityInfo
        {
            ActivityId = activity.ActivityId,
            ActivityType = activity.Scheduled.ActivityType,
            State = StateOf(activity),
            HeartbeatDetails = activity.HeartbeatDetails,
            LastHeartbeatTime = ToTimestamp(activity.HeartbeatTime),
            LastStartedTime = ToTimestamp(activity.StartedTime),
            Attempt = activity.Attempt,
            MaximumAttempts = activity.Options.RetryPolicy?.MaximumAttempts ?? 0,
            ScheduledTime = Timestamp.FromDateTime(activity.AttemptScheduledTime),
            ExpirationTime = ToTimestamp(ActivityRules.Expiration(activity)),
            LastFailure = activity.LastFailure,
            LastWorkerIdentity = activity.LastIdentity,
            LastAttemptCompleteTime = ToTimestamp(activity.LastCompleteTime),
            Paused = activity.Paused,
            Priority = activity.Scheduled.Priority,
            ActivityOptions = ShownOptions(activity),
        };
        if (activity.IsBackingOff(now) && !activity.Paused)
        {
            info.NextAttemptScheduleTime = Timestamp.FromDateTime(activity.AttemptScheduledTime);
            info.CurrentRetryInterval = Durations.OrNull(activity.RetryInterval ?? TimeSpan.Zero);
        }

        if (activity.Paused)
        {
            info.PauseInfo = new()
            {
                PauseTime = Timestamp.FromDateTime(activity.PausedTime),
                Manual = new() { Identity = activity.PausedIdentity, Reason = activity.PausedReason },
            };
        }

        return info;
    }

    static ActivityOptions ShownOptions(PendingActivity activity)
    {
        var shown = activity.Options.Clone();
        shown.TaskQueue = new() { Name = activity.Options.TaskQueue.Name, NormalName = activity.Options.TaskQueue.Name };
        return shown;
    }

    static PendingActivityState StateOf(PendingActivity activity)
    {
        if (activity.CancelRequested)
            return PendingActivityState.CancelRequested;
        if (activity.StartedTime is not null)
            return activity.Paused ? PendingActivityState.PauseRequested : PendingActivityState.Started;
        return activity.Paused ? PendingActivityState.Paused : PendingActivityState.Scheduled;
    }

    static PendingChildExecutionInfo ChildOf(PendingChild child) => new()
    {
        WorkflowId = child.Initiated.WorkflowId,
        RunId = child.RunId,
        WorkflowTypeName = child.Initiated.WorkflowType.Name,
        InitiatedId = child.InitiatedEventId,
        ParentClosePolicy = child.Initiated.ParentClosePolicy,
    };

    static PendingWorkflowTaskInfo TaskOf(PendingWorkflowTask task) => new()
    {
        State = task.IsStarted ? PendingWorkflowTaskState.Started : PendingWorkflowTaskState.Scheduled,
        ScheduledTime = Timestamp.FromDateTime(task.ScheduledTime),
        OriginalScheduledTime = Timestamp.FromDateTime(task.OriginalScheduledTime),
        StartedTime = task.IsStarted ? Timestamp.FromDateTime(task.StartedTime) : null,
        Attempt = task.Attempt,
    };

    static Timestamp? ToTimestamp(DateTime? time) => time is { } some ? Timestamp.FromDateTime(some) : null;
}
