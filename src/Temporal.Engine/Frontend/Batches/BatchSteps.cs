using System.Security.Cryptography;
using System.Text;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.WorkflowServiceMethods;
using static Temporalio.Api.WorkflowService.V1.StartBatchOperationRequest;

namespace Temporal.Engine;

/// <summary>One batch operation on one workflow.</summary>
sealed class BatchSteps(OwnCalls calls, StartBatchOperationRequest batch)
{
    public Task ApplyAsync(WorkflowExecution execution, CancellationToken cancellationToken) => batch.OperationCase switch
    {
        OperationOneofCase.TerminationOperation => calls.CallAsync(TerminateWorkflowExecution, Termination(execution), cancellationToken),
        OperationOneofCase.SignalOperation => calls.CallAsync(SignalWorkflowExecution, Signal(execution), cancellationToken),
        OperationOneofCase.CancellationOperation =>
            calls.CallAsync(RequestCancelWorkflowExecution, Cancellation(execution), cancellationToken),
        OperationOneofCase.DeletionOperation => calls.CallAsync(
            DeleteWorkflowExecution, new() { Namespace = batch.Namespace, WorkflowExecution = execution }, cancellationToken),
        _ => ResetAsync(execution, cancellationToken),
    };

    TerminateWorkflowExecutionRequest Termination(WorkflowExecution execution) => new()
    {
        Namespace = batch.Namespace,
        WorkflowExecution = execution,
        Reason = batch.Reason,
        Details = batch.TerminationOperation.Details,
        Identity = batch.TerminationOperation.Identity,
    };

    SignalWorkflowExecutionRequest Signal(WorkflowExecution execution) => new()
    {
        Namespace = batch.Namespace,
        WorkflowExecution = execution,
        SignalName = batch.SignalOperation.Signal,
        Input = batch.SignalOperation.Input,
        Header = batch.SignalOperation.Header,
        Identity = batch.SignalOperation.Identity,
        RequestId = RequestIdFor(execution),
    };

    RequestCancelWorkflowExecutionRequest Cancellation(WorkflowExecution execution) => new()
    {
        Namespace = batch.Namespace,
        WorkflowExecution = execution,
        Reason = batch.Reason,
        Identity = batch.CancellationOperation.Identity,
        RequestId = RequestIdFor(execution),
    };

#pragma warning disable CS0612 // Older callers say the kind of reset by fields that are deprecated now.
    async Task ResetAsync(WorkflowExecution execution, CancellationToken cancellationToken)
    {
        var reset = batch.ResetOperation;
        var request = new ResetWorkflowExecutionRequest
        {
            Namespace = batch.Namespace,
            WorkflowExecution = execution,
            Reason = batch.Reason,
            Identity = reset.Identity,
            RequestId = RequestIdFor(execution),
            WorkflowTaskFinishEventId = await ResetPointAsync(execution, cancellationToken),
            ResetReapplyType = reset.Options?.ResetReapplyType ?? reset.ResetReapplyType,
        };
        if (reset.Options is { } options)
            request.ResetReapplyExcludeTypes.AddRange(options.ResetReapplyExcludeTypes);
        request.PostResetOperations.AddRange(reset.PostResetOperations);
        await calls.CallAsync(ResetWorkflowExecution, request, cancellationToken);
    }

    async Task<long> ResetPointAsync(WorkflowExecution execution, CancellationToken cancellationToken)
    {
        var options = batch.ResetOperation.Options;
        if (options is { TargetCase: ResetOptions.TargetOneofCase.WorkflowTaskId })
            return options.WorkflowTaskId;

        var first = options?.TargetCase == ResetOptions.TargetOneofCase.FirstWorkflowTask
            || (options is null && batch.ResetOperation.ResetType == ResetType.FirstWorkflowTask);
        long? found = null;
        await foreach (var one in EventsAsync(execution, cancellationToken))
        {
            if (one.EventType is not (EventType.WorkflowTaskCompleted or EventType.WorkflowTaskTimedOut or EventType.WorkflowTaskFailed))
                continue;
            found = one.EventId;
            if (first)
                break;
        }

        return found
            ?? throw new RpcFailure(RpcStatus.NotFound, $"The workflow {execution.WorkflowId} has no workflow task to be reset to.");
    }
#pragma warning restore CS0612

    async IAsyncEnumerable<HistoryEvent> EventsAsync(
        WorkflowExecution execution, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = batch.Namespace, Execution = execution };
        do
        {
            var page = await calls.CallAsync(GetWorkflowExecutionHistory, request, cancellationToken);
            foreach (var one in page.History.Events)
                yield return one;
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
    }

    /// <summary>The same for the same workflow, so that a batch that goes on after a restart signals nobody twice.</summary>
    string RequestIdFor(WorkflowExecution execution)
    {
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes($"{batch.JobId}\n{execution.WorkflowId}\n{execution.RunId}"));
        return new Guid(seed.AsSpan(0, 16)).ToString();
    }
}
