using Microsoft.Extensions.Logging;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>One batch operation under way. What fails on one workflow is counted and does not stop the others.</summary>
sealed class BatchJob(
    NamespaceEntry ns, StartBatchOperationRequest request, DescribeBatchOperationResponse begun, BatchStore store, OwnCalls calls,
    EngineOptions options)
{
    const int PageSize = 1000;

    /// <summary>Steps at a time: enough for commits to be shared, few enough to leave the engine to others.</summary>
    const int ParallelSteps = 32;

    readonly BatchSteps _steps = new(calls, request);
    readonly ILogger _log = options.LoggerFactory.CreateLogger<BatchJob>();
    long _total = begun.TotalOperationCount;
    long _done;
    long _failed;

    public NamespaceEntry Namespace => ns;

    public DescribeBatchOperationResponse Progress
    {
        get
        {
            var progress = begun.Clone();
            progress.TotalOperationCount = Interlocked.Read(ref _total);
            progress.CompleteOperationCount = Interlocked.Read(ref _done);
            progress.FailureOperationCount = Interlocked.Read(ref _failed);
            return progress;
        }
    }

    /// <param name="stop">An operator stops the batch for good.</param>
    /// <param name="engineStops">The engine ends; the batch goes on at its next start.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken engineStops)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, engineStops);
        try
        {
            await RunAllAsync(either.Token);
            await store.EndAsync(ns.Id, Progress, BatchOperationState.Completed);
        }
        catch (Exception) when (engineStops.IsCancellationRequested)
        {
            // Its request stays stored, which is what makes it go on.
        }
        catch (Exception ex)
        {
            if (!stop.IsCancellationRequested)
                BatchLog.Failed(_log, request.JobId, ns.Name, ex);
            await store.EndAsync(ns.Id, Progress, BatchOperationState.Failed);
        }
    }

    async Task RunAllAsync(CancellationToken cancellationToken)
    {
        var named = BatchRules.Executions(request);
        if (named.Count > 0)
        {
            _total = named.Count;
            await RunStepsAsync(named, cancellationToken);
            return;
        }

        var count = await calls.CallAsync(
            WorkflowServiceMethods.CountWorkflowExecutions, new() { Namespace = ns.Name, Query = request.VisibilityQuery },
            cancellationToken);
        _total = count.Count;
        var list = new ListWorkflowExecutionsRequest { Namespace = ns.Name, Query = request.VisibilityQuery, PageSize = PageSize };
        do
        {
            var page = await calls.CallAsync(WorkflowServiceMethods.ListWorkflowExecutions, list, cancellationToken);
            await RunStepsAsync([.. page.Executions.Select(found => found.Execution)], cancellationToken);
            await store.SaveAsync(ns.Id, Progress);
            list.NextPageToken = page.NextPageToken;
        }
        while (!list.NextPageToken.IsEmpty);
    }

    Task RunStepsAsync(IReadOnlyList<WorkflowExecution> executions, CancellationToken cancellationToken)
    {
        var limited = request.MaxOperationsPerSecond > 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = limited ? 1 : ParallelSteps, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(executions, parallel, async (execution, token) =>
        {
            await RunStepAsync(execution, token);
            if (limited)
                await Task.Delay(TimeSpan.FromSeconds(1 / request.MaxOperationsPerSecond), options.TimeProvider, token);
        });
    }

    async Task RunStepAsync(WorkflowExecution execution, CancellationToken cancellationToken)
    {
        try
        {
            await _steps.ApplyAsync(execution, cancellationToken);
            Interlocked.Increment(ref _done);
        }
        catch (RpcFailure failure) when (failure.Status != RpcStatus.Unavailable)
        {
            BatchLog.StepFailed(_log, request.JobId, execution.WorkflowId, failure.Message);
            Interlocked.Increment(ref _failed);
        }
    }
}

/// <summary>Events 4200-4209: batch operations.</summary>
static partial class BatchLog
{
    [LoggerMessage(4200, LogLevel.Warning, "Batch {JobId} of namespace {Namespace} failed")]
    public static partial void Failed(ILogger log, string jobId, string @namespace, Exception failure);

    [LoggerMessage(4201, LogLevel.Debug, "Batch {JobId} could not be applied to {WorkflowId}: {Reason}")]
    public static partial void StepFailed(ILogger log, string jobId, string workflowId, string reason);
}
