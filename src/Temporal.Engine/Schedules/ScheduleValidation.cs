using System.Text;
using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.Workflow.V1;

namespace Temporal.Engine.Schedules;

/// <summary>What is refused of a schedule, with the real server's words.</summary>
static class ScheduleValidation
{
    /// <summary>A schedule is a workflow of this id there; its length counts.</summary>
    public const string WorkflowIdPrefix = "temporal-sys-scheduler:";

    // A nominal time as it is appended to the id of a run.
    const string AppendedTime = "-2009-11-10T23:00:00Z";
    const int BytesMax = 2 * 1024 * 1024;

    public static void CheckId(string scheduleId) => CheckWorkflowId(WorkflowIdPrefix + scheduleId);

    public static void CheckRequestId(string requestId)
    {
        if (HistoryLimits.IsTooLong(requestId))
            throw Invalid("RequestId length exceeds limit.");
    }

    /// <summary>Brings the spec into the form in which it is kept, and the task queue.</summary>
    public static void Canonicalize(Schedule schedule)
    {
        try
        {
            // Compiled to find out whether the zone is known; the seed has no part in that.
            schedule.Spec = CompiledSpec.Of(schedule.Spec ?? new(), "").Canonical;
        }
        catch (InvalidSpecException error)
        {
            throw Invalid($"Invalid schedule spec: {error.Message}");
        }
    }

    public static void CheckAction(NamespaceEntry ns, NewWorkflowExecutionInfo? action)
    {
        if (action is null)
            return;
        CheckWorkflowId(action.WorkflowId + AppendedTime);
        if (string.IsNullOrEmpty(action.WorkflowType?.Name))
            throw Invalid("WorkflowType is not set on request.");
        if (HistoryLimits.IsTooLong(action.WorkflowType.Name))
            throw Invalid("WorkflowType length exceeds limit.");
        CheckTaskQueue(action);
        CheckTimeout("WorkflowExecutionTimeoutSeconds", action.WorkflowExecutionTimeout);
        CheckTimeout("WorkflowRunTimeoutSeconds", action.WorkflowRunTimeout);
        CheckTimeout("WorkflowTaskTimeoutSeconds", action.WorkflowTaskTimeout);
        if (action.CronSchedule.Length > 0)
            throw Invalid("Scheduled workflow must not contain CronSchedule");
        if (action.WorkflowIdReusePolicy is not (WorkflowIdReusePolicy.Unspecified or WorkflowIdReusePolicy.AllowDuplicate))
            throw Invalid("Scheduled workflow must not contain WorkflowIDReusePolicy");
        CheckSearchAttributes(ns, action.SearchAttributes);
    }

    public static void CheckSearchAttributes(NamespaceEntry ns, SearchAttributes? attributes)
    {
        if (attributes is not null
            && (SearchAttributeRules.Problem(ns, attributes) ?? SearchAttributeRules.SizeProblem(attributes)) is { } problem)
            throw Invalid(problem);
    }

    public static void CheckSize(Google.Protobuf.IMessage message)
    {
        if (message.CalculateSize() > BytesMax)
            throw Invalid("Blob data size exceeds limit.");
    }

    public static void CheckNotes(SchedulePatch patch)
    {
        if (Encoding.UTF8.GetByteCount(patch.Pause) > ScheduleLimits.NotesLength
            || Encoding.UTF8.GetByteCount(patch.Unpause) > ScheduleLimits.NotesLength)
            throw Invalid("Schedule notes exceeds limit.");
    }

    public static void CheckState(ScheduleState? state)
    {
        // The real server breaks on it.
        if (state?.RemainingActions < 0)
            throw Invalid("RemainingActions is negative.");
    }

    static void CheckWorkflowId(string workflowId)
    {
        var length = HistoryLimits.LengthOf(workflowId);
        if (length > HistoryLimits.IdLength)
            throw Invalid($"WorkflowId exceeds maximum allowed length ({length}/{HistoryLimits.IdLength})");
    }

    static void CheckTaskQueue(NewWorkflowExecutionInfo action)
    {
        if (StartValidation.ProblemOfWork(action.TaskQueue, parent: "") is { } problem)
            throw Invalid(problem);
        var queue = action.TaskQueue!;
        if (queue.Kind == TaskQueueKind.Unspecified)
            queue.Kind = TaskQueueKind.Normal;
    }

    static void CheckTimeout(string name, Duration? timeout)
    {
        if (timeout is { Seconds: < 0 } or { Nanos: < 0 })
            throw Invalid($"An invalid {name} is set on request. cause: negative duration");
    }

    static RpcFailure Invalid(string message) => new(RpcStatus.InvalidArgument, message);
}
