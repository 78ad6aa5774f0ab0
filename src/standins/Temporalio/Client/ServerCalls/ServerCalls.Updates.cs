using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client;

sealed partial class ServerCalls
{
    /// <summary>The part of a multi-operation that failed only because the other did.</summary>
    const string AbortedDetail = "temporal.api.failure.v1.MultiOperationExecutionAborted";

    public override async Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(
        StartWorkflowUpdateInput input)
    {
        var request = await UpdateRequestAsync(
            input.Update, input.Args, input.Options, input.Options.WaitForStage, ConverterFor(input.Id), input.Headers);
        request.WorkflowExecution = Execution(input.Id, input.RunId);
        request.FirstExecutionRunId = input.FirstExecutionRunId ?? string.Empty;

        UpdateWorkflowExecutionResponse response;
        do
        {
            response = await ClientCalls.WaitingForUpdateAsync(
                () => CallAsync(WorkflowServiceMethods.UpdateWorkflowExecution, request, input.Options.Rpc));
        }
        while (response.Stage < UpdateWorkflowExecutionLifecycleStage.Accepted);

        return await HandleAsync<TResult>(
            request, response, response.UpdateRef?.WorkflowExecution?.RunId, input.Options, input.Options.WaitForStage);
    }

    public override async Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TUpdateResult>(
        StartUpdateWithStartWorkflowInput input)
    {
        var start = input.Options.StartWorkflowOperation
            ?? throw new ArgumentException("StartWorkflowOperation is not set; an update with start needs it.", nameof(input));
        if (!start.TryMarkUsed())
            throw new ArgumentException("The start operation was used before; clone it.", nameof(input));

        try
        {
            return await StartUpdateWithStartAsync<TUpdateResult>(input, start);
        }
        catch (Exception error)
        {
            var meant = MeaningOf(error, start);
            start.SetFailure(meant);
            if (ReferenceEquals(meant, error))
                throw;
            throw meant;
        }
    }

    async Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartAsync<TUpdateResult>(
        StartUpdateWithStartWorkflowInput input, WithStartWorkflowOperation start)
    {
        RequireUsableForUpdate(start.Options);
        var converter = ConverterFor(start.Options.Id ?? string.Empty);
        var startRequest = await StartRequestAsync(start.Workflow, start.Args, start.Options, converter, start.Headers);
        var updateRequest = await UpdateRequestAsync(
            input.Update, input.Args, input.Options, input.Options.WaitForStage, converter, input.Headers);
        updateRequest.WorkflowExecution = Execution(startRequest.WorkflowId, null);
        var request = new ExecuteMultiOperationRequest
        {
            Namespace = Namespace,
            Operations =
            {
                new ExecuteMultiOperationRequest.Types.Operation { StartWorkflow = startRequest },
                new ExecuteMultiOperationRequest.Types.Operation { UpdateWorkflow = updateRequest },
            },
        };

        while (true)
        {
            var response = await CallAsync(WorkflowServiceMethods.ExecuteMultiOperation, request, input.Options.Rpc);
            var runId = response.Responses[0].StartWorkflow.RunId;
            start.SetHandle(_client, runId);
            var update = response.Responses[1].UpdateWorkflow;
            if (update is { Stage: >= UpdateWorkflowExecutionLifecycleStage.Accepted })
                return await HandleAsync<TUpdateResult>(updateRequest, update, runId, input.Options, input.Options.WaitForStage);
        }
    }

    async Task<UpdateWorkflowExecutionRequest> UpdateRequestAsync(
        string update,
        IReadOnlyCollection<object?> args,
        WorkflowUpdateOptions options,
        WorkflowUpdateStage waitForStage,
        DataConverter converter,
        IDictionary<string, Payload>? headers)
    {
        if (waitForStage is not (WorkflowUpdateStage.Accepted or WorkflowUpdateStage.Completed))
            throw new ArgumentException($"WaitForStage is {waitForStage}; set it to Accepted or Completed.", nameof(waitForStage));

        return new()
        {
            Namespace = Namespace,
            WaitPolicy = new() { LifecycleStage = (UpdateWorkflowExecutionLifecycleStage)(int)waitForStage },
            Request = new()
            {
                Meta = new() { UpdateId = options.Id ?? Guid.NewGuid().ToString(), Identity = Identity },
                Input = new()
                {
                    Name = update,
                    Args = await PayloadsAsync(converter, args),
                    Header = await HeaderAsync(converter, headers),
                },
            },
        };
    }

    async Task<WorkflowUpdateHandle<TResult>> HandleAsync<TResult>(
        UpdateWorkflowExecutionRequest request,
        UpdateWorkflowExecutionResponse response,
        string? runId,
        WorkflowUpdateOptions options,
        WorkflowUpdateStage waitForStage)
    {
        var handle = new WorkflowUpdateHandle<TResult>(
            _client, request.Request.Meta.UpdateId, request.WorkflowExecution.WorkflowId, runId)
        {
            KnownOutcome = response.Outcome,
        };

        // A failed update is not thrown here but when its result is asked for.
        if (waitForStage == WorkflowUpdateStage.Completed)
            await handle.WaitForOutcomeAsync(options.Rpc);
        return handle;
    }

    static void RequireUsableForUpdate(WorkflowOptions options)
    {
        if (options.StartSignal is not null || options.StartSignalArgs is not null)
            throw new ArgumentException("An update with start cannot have a start signal.");
        if (options.RequestEagerStart)
            throw new ArgumentException("An update with start cannot be an eager start.");
        if (options.IdConflictPolicy == WorkflowIdConflictPolicy.Unspecified)
            throw new ArgumentException("Set WorkflowOptions.IdConflictPolicy: an update with start needs it.");
        if (options.Rpc is not null)
            throw new ArgumentException("Set the RPC options on the update's options, not on the start's.");
    }

    // The call does two things; its error says for each how it went, and one of them is the reason.
    static Exception MeaningOf(Exception error, WithStartWorkflowOperation start)
    {
        if (error is RpcException rpc && rpc.Detail<MultiOperationExecutionFailure>() is { } both)
        {
            var reason = both.Statuses.FirstOrDefault(status =>
                status.Code != (int)RpcException.StatusCode.OK
                && !status.Details.Any(detail => detail.TypeUrl.EndsWith(AbortedDetail, StringComparison.Ordinal)));
            if (reason is not null)
            {
                error = new RpcException(
                    new GrpcStatus { Code = reason.Code, Message = reason.Message, Details = { reason.Details } });
            }
        }

        if (ClientCalls.IsTimeoutOrCancel(error))
            return new WorkflowUpdateRpcTimeoutOrCanceledException(error);

        return error is RpcException { Code: RpcException.StatusCode.AlreadyExists } exists
            && exists.Detail<WorkflowExecutionAlreadyStartedFailure>() is { } already
                ? new WorkflowAlreadyStartedException(error.Message, start.Options.Id!, start.Workflow, already.RunId)
                : error;
    }
}
