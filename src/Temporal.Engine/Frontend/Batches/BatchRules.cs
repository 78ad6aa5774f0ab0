using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporalio.Api.WorkflowService.V1.StartBatchOperationRequest;

namespace Temporal.Engine;

/// <summary>What a batch request must say. Texts are those of the real server.</summary>
static class BatchRules
{
#pragma warning disable CS0612 // The older list of executions is what the UI and the CLI still send.
    public static IReadOnlyList<WorkflowExecution> Executions(StartBatchOperationRequest request) =>
    [
        .. request.Executions,
        .. request.TargetExecutions.Select(target => new WorkflowExecution { WorkflowId = target.BusinessId, RunId = target.RunId }),
    ];

    public static void Check(StartBatchOperationRequest request)
    {
        var hasQuery = request.VisibilityQuery.Length > 0;
        var lists = (request.Executions.Count > 0 ? 1 : 0) + (request.TargetExecutions.Count > 0 ? 1 : 0);
        if (request.OperationCase == OperationOneofCase.None || request.Reason.Length == 0 || (!hasQuery && lists == 0))
            throw Invalid(
                "must provide required parameters: BatchType,Reason,Namespace, AND one of (Query OR Executions OR TargetExecutions)");
        if (lists + (hasQuery ? 1 : 0) > 1)
            throw Invalid("visibility query, executions, and target executions are mutually exclusive");
        CheckJobId(request.JobId);
        if (request.SignalOperation is { Signal.Length: 0 })
            throw Invalid("must provide signal name");
        if (request.ResetOperation is { Options: null, ResetType: not (ResetType.FirstWorkflowTask or ResetType.LastWorkflowTask) } reset)
            throw Invalid($"unknown batch reset type {reset.ResetType}");
    }
#pragma warning restore CS0612

    public static void CheckJobId(string jobId)
    {
        if (jobId.Length == 0)
            throw Invalid("JobId is not set on request.");
    }

    public static (BatchOperationType Type, string Identity) Describe(StartBatchOperationRequest request) => request.OperationCase switch
    {
        OperationOneofCase.TerminationOperation => (BatchOperationType.TerminateWorkflow, request.TerminationOperation.Identity),
        OperationOneofCase.SignalOperation => (BatchOperationType.SignalWorkflow, request.SignalOperation.Identity),
        OperationOneofCase.CancellationOperation => (BatchOperationType.CancelWorkflow, request.CancellationOperation.Identity),
        OperationOneofCase.DeletionOperation => (BatchOperationType.DeleteWorkflow, request.DeletionOperation.Identity),
        OperationOneofCase.ResetOperation => (BatchOperationType.ResetWorkflow, request.ResetOperation.Identity),
        _ =>
            throw new RpcFailure(
                RpcStatus.Unimplemented, $"Batch operations of the kind {request.OperationCase} are not supported by this engine."),
    };

    static RpcFailure Invalid(string message) => new(RpcStatus.InvalidArgument, message);
}
