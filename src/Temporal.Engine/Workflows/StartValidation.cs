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
        if (request.WorkflowType.Name.Length > HistoryLimits.IdLength)
            throw Refuse.Invalid("WorkflowType length exceeds limit.");
        CheckTaskQueue(request.TaskQueue);
        CheckTimeout("WorkflowExecutionTimeoutSeconds", request.WorkflowExecutionTimeout);
        CheckTimeout("WorkflowRunTimeoutSeconds", request.WorkflowRunTimeout);
        CheckTimeout("WorkflowTaskTimeoutSeconds", request.WorkflowTaskTimeout);
        if (request.RequestId.Length > HistoryLimits.IdLength)
            throw Refuse.Invalid("RequestId length exceeds limit.");
        CheckPolicies(request);
        if (request.CronSchedule.Length > 0 && CronSchedule.Parse(request.CronSchedule) is null)
            throw Refuse.Invalid("invalid CronSchedule.");
        if (request.SearchAttributes is not null
            && (SearchAttributeRules.Problem(ns, request.SearchAttributes)
                ?? SearchAttributeRules.SizeProblem(request.SearchAttributes)) is { } bad)
            throw Refuse.Invalid(bad);
        CheckSizes(request);
        CheckPriority(request.Priority);
    }

    static void CheckPriority(Priority? priority)
    {
        if (priority is null)
            return;
        if (priority.PriorityKey < 0)
            throw Refuse.Invalid("priority key can't be negative");
        if (priority.FairnessKey.Length > HistoryLimits.FairnessKeyLength)
            throw Refuse.Invalid("fairness key length exceeds limit");
    }

    public static void CheckWorkflowId(string workflowId)
    {
        if (workflowId.Length == 0)
            throw Refuse.Invalid("WorkflowId is not set on request.");
        if (workflowId.Length > HistoryLimits.IdLength)
            throw Refuse.Invalid($"WorkflowId exceeds maximum allowed length ({workflowId.Length}/{HistoryLimits.IdLength})");
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
        if (queue is null)
            throw Refuse.Invalid("taskQueue is not set");
        var name = queue.Name;
        if (name.Length == 0)
            throw Refuse.Invalid("missing task queue name");
        if (name.Length > HistoryLimits.IdLength)
            throw Refuse.Invalid("taskQueue length exceeds limit");
        if (name.StartsWith("/_sys/", StringComparison.Ordinal))
            throw Refuse.Invalid("task queue name cannot start with reserved prefix /_sys/");
    }

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
        if (execution.WorkflowId.Length == 0)
            throw Refuse.Invalid("WorkflowId is not set on request.");
        if (execution.WorkflowId.Length > HistoryLimits.IdLength)
            throw Refuse.Invalid($"WorkflowId exceeds maximum allowed length ({execution.WorkflowId.Length}/{HistoryLimits.IdLength})");
        if (execution.RunId.Length > 0 && !Guid.TryParse(execution.RunId, out _))
            throw Refuse.Invalid("Invalid RunId.");
    }
}
