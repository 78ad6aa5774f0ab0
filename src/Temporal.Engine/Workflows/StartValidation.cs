using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>What is wrong with a start, in the order in which the server looks.</summary>
static class StartValidation
{
    public static void Check(NamespaceEntry ns, StartWorkflowExecutionRequest request)
    {
        CheckWorkflowId(request.WorkflowId);
        if (request.RetryPolicy is not null && RetryRules.Problem(RetryRules.WithDefaults(request.RetryPolicy)) is { } retry)
            throw Refuse.Invalid(retry);
        CheckDelay(request);
        if (request.WorkflowType is null || request.WorkflowType.Name.Length == 0)
            throw Refuse.Invalid("WorkflowType is not set on request.");
        if (HistoryLimits.IsTooLong(request.WorkflowType.Name))
            throw Refuse.Invalid("WorkflowType length exceeds limit.");
        if (ProblemOfWork(request.TaskQueue, parent: "") is { } queue)
            throw Refuse.Invalid(queue);
        CheckTimeout("WorkflowExecutionTimeoutSeconds", request.WorkflowExecutionTimeout);
        CheckTimeout("WorkflowRunTimeoutSeconds", request.WorkflowRunTimeout);
        CheckTimeout("WorkflowTaskTimeoutSeconds", request.WorkflowTaskTimeout);
        if (HistoryLimits.IsTooLong(request.RequestId))
            throw Refuse.Invalid("RequestId length exceeds limit.");
        CheckPolicies(request);
        if (request.CronSchedule.Length > 0 && CronSchedule.Parse(request.CronSchedule) is null)
            throw Refuse.Invalid("invalid CronSchedule.");
        if (request.SearchAttributes is not null
            && (SearchAttributeRules.Problem(ns, request.SearchAttributes)
                ?? SearchAttributeRules.SizeProblem(request.SearchAttributes)) is { } bad)
            throw Refuse.Invalid(bad);
        CheckSizes(request);
        if (Problem(request.Priority) is { } priority)
            throw Refuse.Invalid(priority);
    }

    /// <summary>What is wrong with a priority, or null.</summary>
    public static string? Problem(Priority? priority) => priority switch
    {
        null => null,
        { PriorityKey: < 0 } => "priority key can't be negative",
        { FairnessKey: var key } when HistoryLimits.LengthOf(key) > HistoryLimits.FairnessKeyLength => "fairness key length exceeds limit",
        { FairnessWeight: < 0 } => "must be greater than zero",
        _ => null,
    };

    public static void CheckWorkflowId(string workflowId)
    {
        if (workflowId.Length == 0)
            throw Refuse.Invalid("WorkflowId is not set on request.");
        if (HistoryLimits.IsTooLong(workflowId))
        {
            throw Refuse.Invalid(
                $"WorkflowId exceeds maximum allowed length ({HistoryLimits.LengthOf(workflowId)}/{HistoryLimits.IdLength})");
        }
    }

    static void CheckDelay(StartWorkflowExecutionRequest request)
    {
        if (request.WorkflowStartDelay is null)
            return;
        if (request.CronSchedule.Length > 0)
            throw Refuse.Invalid("CronSchedule and WorkflowStartDelay may not be used together.");
        if (Durations.Problem(request.WorkflowStartDelay) is { } problem)
            throw Refuse.Invalid($"An invalid WorkflowStartDelaySeconds is set on request. cause: {problem}");
    }

    public static void CheckTaskQueue(Temporalio.Api.TaskQueue.V1.TaskQueue? queue)
    {
        if (Problem(queue) is { } problem)
            throw Refuse.Invalid(problem);
    }

    /// <summary>What is wrong with a task queue, or null.</summary>
    public static string? Problem(Temporalio.Api.TaskQueue.V1.TaskQueue? queue) => queue switch
    {
        null => "taskQueue is not set",
        { Name: "" } => "missing task queue name",
        { Name: var name } when HistoryLimits.IsTooLong(name) => "taskQueue length exceeds limit",
        { Name: var name } when name.StartsWith("/_sys/", StringComparison.Ordinal) =>
            "task queue name cannot start with reserved prefix /_sys/",
        _ => null,
    };

    /// <summary>The same for a queue that gets work: those of the server's own workers may not.</summary>
    public static string? ProblemOfWork(Temporalio.Api.TaskQueue.V1.TaskQueue? queue, string parent)
    {
        if (Problem(queue) is { } problem)
            return problem;
        if (!IsInternal(queue!.Name) || IsInternal(parent))
            return null;
        var where = parent.Length == 0 ? "" : $" (in parent component task queue: {parent})";
        return $"cannot use internal per-namespace task queue:{queue.Name}{where}";
    }

    static bool IsInternal(string queue) =>
        queue.StartsWith("temporal-sys-per-ns-", StringComparison.Ordinal) || queue == "temporal-sys-worker-controller-per-ns-tq";

    static void CheckTimeout(string name, Google.Protobuf.WellKnownTypes.Duration? timeout)
    {
        if (Durations.Problem(timeout) is { } problem)
            throw Refuse.Invalid($"An invalid {name} is set on request. cause: {problem}");
    }

    static void CheckPolicies(StartWorkflowExecutionRequest request)
    {
#pragma warning disable CS0612 // Deprecated, and still refused in this combination.
        var terminates = request.WorkflowIdReusePolicy == WorkflowIdReusePolicy.TerminateIfRunning;
#pragma warning restore CS0612
        if (terminates && request.WorkflowIdConflictPolicy != WorkflowIdConflictPolicy.Unspecified)
        {
            throw Refuse.Invalid(
                "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING cannot be used together with a "
                    + "WorkflowIDConflictPolicy");
        }

        if (request.WorkflowIdReusePolicy == WorkflowIdReusePolicy.RejectDuplicate
            && request.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.TerminateExisting)
        {
            throw Refuse.Invalid(
                "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE cannot be used together with "
                    + "WorkflowIdConflictPolicy WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING");
        }
    }

    static void CheckSizes(StartWorkflowExecutionRequest request)
    {
        if (request.Input is not null && request.Input.CalculateSize() > HistoryLimits.BlobBytes)
            throw Refuse.Invalid("Blob data size exceeds limit.");
        if (request.Memo is not null && request.Memo.CalculateSize() > HistoryLimits.BlobBytes)
            throw Refuse.Invalid("Memo size exceeds limit.");
    }

    /// <summary>A workflow and run id of any call that names an execution.</summary>
    public static void CheckExecution(WorkflowExecution? execution)
    {
        if (execution is null)
            throw Refuse.Invalid("Execution is not set on request.");
        CheckWorkflowId(execution.WorkflowId);
        if (execution.RunId.Length > 0 && !Guid.TryParse(execution.RunId, out _))
            throw Refuse.Invalid("Invalid RunId.");
    }
}
