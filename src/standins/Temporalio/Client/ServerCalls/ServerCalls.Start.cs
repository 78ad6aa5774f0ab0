using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client;

sealed partial class ServerCalls
{
    public override async Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(
        StartWorkflowInput input)
    {
        var options = input.Options;
        if (options.StartSignal is null && options.StartSignalArgs is not null)
            throw new ArgumentException("StartSignalArgs is set without StartSignal.", nameof(input));

        var converter = ConverterFor(options.Id ?? string.Empty);
        var request = await StartRequestAsync(input.Workflow, input.Args, options, converter, input.Headers);
        try
        {
            if (options.StartSignal is null)
            {
                var started = await CallAsync(WorkflowServiceMethods.StartWorkflowExecution, request, options.Rpc);
                return new(_client, request.WorkflowId, null, started.RunId, started.RunId);
            }

            // The first run is not known: the signal may have gone to a workflow that has continued as new since.
            var signaled = await CallAsync(
                WorkflowServiceMethods.SignalWithStartWorkflowExecution,
                SignalWithStart(request, options.StartSignal, await PayloadsAsync(converter, options.StartSignalArgs)),
                options.Rpc);
            return new(_client, request.WorkflowId, null, signaled.RunId);
        }
        catch (RpcException error) when (AlreadyStarted(error, request) is not null)
        {
            throw AlreadyStarted(error, request)!;
        }
    }

    async Task<StartWorkflowExecutionRequest> StartRequestAsync(
        string workflow,
        IReadOnlyCollection<object?> args,
        WorkflowOptions options,
        DataConverter converter,
        IDictionary<string, Payload>? headers) => new()
        {
            Namespace = Namespace,
            WorkflowId = options.Id ?? throw new ArgumentException("WorkflowOptions.Id is not set; a start needs it."),
            WorkflowType = new() { Name = workflow },
            TaskQueue = new()
            {
                Name = options.TaskQueue
                    ?? throw new ArgumentException("WorkflowOptions.TaskQueue is not set; a start needs it."),
            },
            Input = await PayloadsAsync(converter, args),
            WorkflowExecutionTimeout = ToDuration(options.ExecutionTimeout),
            WorkflowRunTimeout = ToDuration(options.RunTimeout),
            WorkflowTaskTimeout = ToDuration(options.TaskTimeout),
            Identity = Identity,
            RequestId = Guid.NewGuid().ToString(),
            WorkflowIdReusePolicy = options.IdReusePolicy,
            WorkflowIdConflictPolicy = options.IdConflictPolicy,
            RetryPolicy = options.RetryPolicy?.ToProto(),
            CronSchedule = options.CronSchedule ?? string.Empty,
            Memo = await MemoValues.WriteAsync(options.Memo, converter),
            SearchAttributes = options.TypedSearchAttributes is { Count: > 0 } attributes ? attributes.ToProto() : null,
            Header = await HeaderAsync(converter, headers),
            WorkflowStartDelay = ToDuration(options.StartDelay),
            UserMetadata = await UserMetadataAsync(converter, options.StaticSummary, options.StaticDetails),
            Priority = options.Priority?.ToProto(),
            VersioningOverride = options.VersioningOverride?.ToProto(),
        };

    static SignalWithStartWorkflowExecutionRequest SignalWithStart(
        StartWorkflowExecutionRequest start, string signal, Payloads? signalInput) => new()
        {
            Namespace = start.Namespace,
            WorkflowId = start.WorkflowId,
            WorkflowType = start.WorkflowType,
            TaskQueue = start.TaskQueue,
            Input = start.Input,
            WorkflowExecutionTimeout = start.WorkflowExecutionTimeout,
            WorkflowRunTimeout = start.WorkflowRunTimeout,
            WorkflowTaskTimeout = start.WorkflowTaskTimeout,
            Identity = start.Identity,
            RequestId = start.RequestId,
            WorkflowIdReusePolicy = start.WorkflowIdReusePolicy,
            WorkflowIdConflictPolicy = start.WorkflowIdConflictPolicy,
            SignalName = signal,
            SignalInput = signalInput,
            RetryPolicy = start.RetryPolicy,
            CronSchedule = start.CronSchedule,
            Memo = start.Memo,
            SearchAttributes = start.SearchAttributes,
            Header = start.Header,
            WorkflowStartDelay = start.WorkflowStartDelay,
            UserMetadata = start.UserMetadata,
            Priority = start.Priority,
            VersioningOverride = start.VersioningOverride,
        };

    static WorkflowAlreadyStartedException? AlreadyStarted(RpcException error, StartWorkflowExecutionRequest request) =>
        error.Code == RpcException.StatusCode.AlreadyExists
        && error.Detail<WorkflowExecutionAlreadyStartedFailure>() is { } detail
            ? new(error.Message, request.WorkflowId, request.WorkflowType.Name, detail.RunId)
            : null;

    static Duration? ToDuration(TimeSpan? time) => time is { } value ? Duration.FromTimeSpan(value) : null;
}
