using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Common;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Interceptors;
using ParentClosePolicy = Temporalio.Api.Enums.V1.ParentClosePolicy;

namespace Temporalio.Worker.Operations;

/// <summary>Options of workflow code as attributes of commands.</summary>
static class CommandAttributes
{
    public static ScheduleActivityTaskCommandAttributes Of(WorkflowInstance workflow, string id, ScheduleActivityInput input)
    {
        var options = input.Options;
        if (options.ScheduleToCloseTimeout is null && options.StartToCloseTimeout is null)
            throw new ArgumentException(
                $"Activity '{input.Activity}' needs StartToCloseTimeout or ScheduleToCloseTimeout in its ActivityOptions.");

        var taskQueue = options.TaskQueue ?? workflow.Info.TaskQueue;
        return new()
        {
            ActivityId = id,
            ActivityType = new() { Name = input.Activity },
            TaskQueue = new() { Name = taskQueue, Kind = TaskQueueKind.Normal },
            Header = Header(input.Headers),
            Input = workflow.ToPayloads(input.Args),
            ScheduleToCloseTimeout = Duration(options.ScheduleToCloseTimeout),
            ScheduleToStartTimeout = Duration(options.ScheduleToStartTimeout),
            StartToCloseTimeout = Duration(options.StartToCloseTimeout),
            HeartbeatTimeout = Duration(options.HeartbeatTimeout),
            RetryPolicy = options.RetryPolicy?.ToProto(),
            Priority = options.Priority?.ToProto(),
            UseWorkflowBuildId = taskQueue == workflow.Info.TaskQueue,
            RequestEagerExecution = !options.DisableEagerActivityExecution && taskQueue == workflow.Info.TaskQueue,
        };
    }

    public static StartChildWorkflowExecutionCommandAttributes Of(WorkflowInstance workflow, string id, StartChildWorkflowInput input)
    {
        var options = input.Options;
        var taskQueue = options.TaskQueue ?? workflow.Info.TaskQueue;
        return new()
        {
            WorkflowId = id,
            WorkflowType = new() { Name = input.Workflow },
            TaskQueue = new() { Name = taskQueue, Kind = TaskQueueKind.Normal },
#pragma warning disable CS0612 // Deprecated in the API, and still what the official SDKs send.
            InheritBuildId = taskQueue == workflow.Info.TaskQueue,
#pragma warning restore CS0612
            Header = Header(input.Headers),
            Input = workflow.ToPayloads(input.Args),
            WorkflowExecutionTimeout = Duration(options.ExecutionTimeout),
            WorkflowRunTimeout = Duration(options.RunTimeout),
            WorkflowTaskTimeout = Duration(options.TaskTimeout),
            ParentClosePolicy = (ParentClosePolicy)(int)options.ParentClosePolicy,
            WorkflowIdReusePolicy = options.IdReusePolicy,
            RetryPolicy = options.RetryPolicy?.ToProto(),
            CronSchedule = options.CronSchedule ?? string.Empty,
            Memo = workflow.ToMemo(options.Memo),
            SearchAttributes = options.TypedSearchAttributes?.ToProto(),
            Priority = options.Priority?.ToProto(),
        };
    }

    public static ContinueAsNewWorkflowExecutionCommandAttributes Of(WorkflowInstance workflow, CreateContinueAsNewExceptionInput input)
    {
        var options = input.Options;
        var taskQueue = options?.TaskQueue ?? workflow.Info.TaskQueue;
        return new()
        {
            WorkflowType = new() { Name = input.Workflow },
            TaskQueue = new() { Name = taskQueue, Kind = TaskQueueKind.Normal },
#pragma warning disable CS0612 // Deprecated in the API, and still what the official SDKs send.
            InheritBuildId = taskQueue == workflow.Info.TaskQueue,
#pragma warning restore CS0612
            Header = Header(input.Headers),
            Input = workflow.ToPayloads(input.Args),
            WorkflowRunTimeout = Duration(options?.RunTimeout),
            WorkflowTaskTimeout = Duration(options?.TaskTimeout),
            BackoffStartInterval = Duration(options?.BackoffStartInterval),
            RetryPolicy = (options?.RetryPolicy ?? workflow.Info.RetryPolicy)?.ToProto(),
            Memo = workflow.ToMemo(options?.Memo) ?? workflow.Metadata.MemoProto(),
            SearchAttributes = options?.TypedSearchAttributes?.ToProto() ?? workflow.Metadata.SearchAttributesProto(),
            InitialVersioningBehavior =
                (ContinueAsNewVersioningBehavior)(int)(options?.InitialVersioningBehavior
                    ?? Workflows.InitialVersioningBehavior.Unspecified),
        };
    }

    public static Header? Header(IDictionary<string, Payload>? headers) =>
        headers is { Count: > 0 } ? new() { Fields = { headers } } : null;

    public static Duration? Duration(TimeSpan? span) =>
        span is { } value ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(value) : null;
}
