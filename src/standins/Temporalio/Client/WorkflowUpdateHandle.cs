using Temporalio.Api.Enums.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <summary>An update that was sent, or is known by its id.</summary>
/// <param name="Client">The client it belongs to.</param>
/// <param name="Id">The update's id.</param>
/// <param name="WorkflowId">The workflow.</param>
/// <param name="WorkflowRunId">Its run; null: the latest.</param>
public record WorkflowUpdateHandle(ITemporalClient Client, string Id, string WorkflowId, string? WorkflowRunId = null)
{
    internal Outcome? KnownOutcome { get; set; }

    /// <inheritdoc cref="GetResultAsync{TResult}"/>
    public Task GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<ValueTuple>(rpcOptions);

    /// <summary>Waits for the update's end.</summary>
    /// <exception cref="WorkflowUpdateFailedException">It was rejected or failed.</exception>
    /// <exception cref="WorkflowUpdateRpcTimeoutOrCanceledException">The options' token or timeout ended the wait.</exception>
    public virtual async Task<TResult> GetResultAsync<TResult>(RpcOptions? rpcOptions = null)
    {
        var outcome = await WaitForOutcomeAsync(rpcOptions);
        var converter = Client.Options.DataConverter.WithSerializationContext(
            new ISerializationContext.Workflow(Client.Options.Namespace, WorkflowId));
        if (outcome.Failure is { } failure)
            throw new WorkflowUpdateFailedException(await converter.ToExceptionAsync(failure));

        if (typeof(TResult) == typeof(ValueTuple) || outcome.Success is null or { Payloads_.Count: 0 })
            return default!;

        return await converter.ToSingleValueAsync<TResult>(outcome.Success.Payloads_);
    }

    internal async Task<Outcome> WaitForOutcomeAsync(RpcOptions? rpcOptions)
    {
        while (KnownOutcome is null)
        {
            var response = await ClientCalls.WaitingForUpdateAsync(() => Client.WorkflowService.PollWorkflowExecutionUpdateAsync(
                new PollWorkflowExecutionUpdateRequest
                {
                    Namespace = Client.Options.Namespace,
                    Identity = Client.Connection.Options.Identity ?? string.Empty,
                    UpdateRef = new()
                    {
                        UpdateId = Id,
                        WorkflowExecution = new() { WorkflowId = WorkflowId, RunId = WorkflowRunId ?? string.Empty },
                    },
                    WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
                },
                TemporalClient.DefaultRetryOptions(rpcOptions)));
            KnownOutcome = response.Outcome;
        }

        return KnownOutcome;
    }
}

/// <inheritdoc cref="WorkflowUpdateHandle"/>
public record WorkflowUpdateHandle<TResult>(
    ITemporalClient Client, string Id, string WorkflowId, string? WorkflowRunId = null)
    : WorkflowUpdateHandle(Client, Id, WorkflowId, WorkflowRunId)
{
    /// <inheritdoc cref="WorkflowUpdateHandle.GetResultAsync{TResult}"/>
    public new Task<TResult> GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<TResult>(rpcOptions);
}
