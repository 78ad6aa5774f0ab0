using Google.Protobuf.WellKnownTypes;
using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Tasks;

namespace Temporalio.Worker.Activities;

/// <summary>Reads an activity task.</summary>
static class ActivityInfos
{
    public static ActivityInfo Of(PollActivityTaskQueueResponse task, WorkerRpc rpc, DataConverter converter)
    {
        var execution = task.WorkflowExecution is { WorkflowId.Length: > 0 } workflow ? workflow : null;
        var ns = task.WorkflowNamespace.Length > 0 ? task.WorkflowNamespace : rpc.Namespace;
        return new(
            ActivityId: task.ActivityId,
            ActivityType: task.ActivityType.Name,
            Attempt: task.Attempt,
            CurrentAttemptScheduledTime: Time(task.CurrentAttemptScheduledTime),
            DataConverter: converter.WithSerializationContext(new ISerializationContext.Activity(
                ns, task.ActivityId, execution?.WorkflowId, task.WorkflowType?.Name, task.ActivityType.Name, rpc.TaskQueue,
                IsLocal: false)),
            HeartbeatDetails: task.HeartbeatDetails?.Payloads_ ?? [],
            HeartbeatTimeout: Span(task.HeartbeatTimeout),
            IsLocal: false,
            Namespace: ns,
            Priority: Priority.FromProto(task.Priority),
            RetryPolicy: task.RetryPolicy is { } policy ? RetryPolicy.FromProto(policy) : null,
            ScheduleToCloseTimeout: Span(task.ScheduleToCloseTimeout),
            ScheduledTime: Time(task.ScheduledTime),
            StartToCloseTimeout: Span(task.StartToCloseTimeout),
            StartedTime: Time(task.StartedTime),
            TaskQueue: rpc.TaskQueue,
            TaskToken: task.TaskToken.ToByteArray(),
            WorkflowId: execution?.WorkflowId,
            WorkflowNamespace: execution is null ? null : ns,
            WorkflowRunId: execution?.RunId,
            WorkflowType: execution is null ? null : task.WorkflowType?.Name);
    }

    static DateTime Time(Timestamp? time) => time?.ToDateTime() ?? DateTime.UnixEpoch;

    static TimeSpan? Span(Duration? duration) => duration?.ToTimeSpan() is { Ticks: > 0 } span ? span : null;
}
