using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client;

sealed partial class ServerCalls
{
    public override async Task HeartbeatAsyncActivityAsync(HeartbeatAsyncActivityInput input)
    {
        var details = await PayloadsAsync(ConverterOr(input.DataConverterOverride), input.Options?.Details);
        var canceled = input.Activity switch
        {
            AsyncActivityHandle.IdReference id => (await CallAsync(
                WorkflowServiceMethods.RecordActivityTaskHeartbeatById,
                new()
                {
                    Namespace = Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? string.Empty,
                    ActivityId = id.ActivityId,
                    Details = details,
                    Identity = Identity,
                },
                input.Options?.Rpc)).CancelRequested,
            AsyncActivityHandle.TaskTokenReference token => (await CallAsync(
                WorkflowServiceMethods.RecordActivityTaskHeartbeat,
                new() { Namespace = Namespace, TaskToken = Token(token), Details = details, Identity = Identity },
                input.Options?.Rpc)).CancelRequested,
            _ => throw Unknown(input.Activity),
        };
        if (canceled)
            throw new AsyncActivityCanceledException();
    }

    public override async Task CompleteAsyncActivityAsync(CompleteAsyncActivityInput input)
    {
        var result = await PayloadsAsync(ConverterOr(input.DataConverterOverride), [input.Result]);
        Task call = input.Activity switch
        {
            AsyncActivityHandle.IdReference id => CallAsync(
                WorkflowServiceMethods.RespondActivityTaskCompletedById,
                new()
                {
                    Namespace = Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? string.Empty,
                    ActivityId = id.ActivityId,
                    Result = result,
                    Identity = Identity,
                },
                input.Options?.Rpc),
            AsyncActivityHandle.TaskTokenReference token => CallAsync(
                WorkflowServiceMethods.RespondActivityTaskCompleted,
                new() { Namespace = Namespace, TaskToken = Token(token), Result = result, Identity = Identity },
                input.Options?.Rpc),
            _ => throw Unknown(input.Activity),
        };
        await call;
    }

    public override async Task FailAsyncActivityAsync(FailAsyncActivityInput input)
    {
        var converter = ConverterOr(input.DataConverterOverride);
        var failure = await converter.ToFailureAsync(input.Exception);
        var lastDetails = await PayloadsAsync(converter, input.Options?.LastHeartbeatDetails);
        Task call = input.Activity switch
        {
            AsyncActivityHandle.IdReference id => CallAsync(
                WorkflowServiceMethods.RespondActivityTaskFailedById,
                new()
                {
                    Namespace = Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? string.Empty,
                    ActivityId = id.ActivityId,
                    Failure = failure,
                    LastHeartbeatDetails = lastDetails,
                    Identity = Identity,
                },
                input.Options?.Rpc),
            AsyncActivityHandle.TaskTokenReference token => CallAsync(
                WorkflowServiceMethods.RespondActivityTaskFailed,
                new()
                {
                    Namespace = Namespace,
                    TaskToken = Token(token),
                    Failure = failure,
                    LastHeartbeatDetails = lastDetails,
                    Identity = Identity,
                },
                input.Options?.Rpc),
            _ => throw Unknown(input.Activity),
        };
        await call;
    }

    public override async Task ReportCancellationAsyncActivityAsync(ReportCancellationAsyncActivityInput input)
    {
        var details = await PayloadsAsync(ConverterOr(input.DataConverterOverride), input.Options?.Details);
        Task call = input.Activity switch
        {
            AsyncActivityHandle.IdReference id => CallAsync(
                WorkflowServiceMethods.RespondActivityTaskCanceledById,
                new()
                {
                    Namespace = Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? string.Empty,
                    ActivityId = id.ActivityId,
                    Details = details,
                    Identity = Identity,
                },
                input.Options?.Rpc),
            AsyncActivityHandle.TaskTokenReference token => CallAsync(
                WorkflowServiceMethods.RespondActivityTaskCanceled,
                new() { Namespace = Namespace, TaskToken = Token(token), Details = details, Identity = Identity },
                input.Options?.Rpc),
            _ => throw Unknown(input.Activity),
        };
        await call;
    }

    DataConverter ConverterOr(DataConverter? given) => given ?? _client.Options.DataConverter;

    static ByteString Token(AsyncActivityHandle.TaskTokenReference reference) => ByteString.CopyFrom(reference.TaskToken);

    static ArgumentException Unknown(AsyncActivityHandle.Reference reference) =>
        new($"An activity cannot be referred to by a {reference.GetType()}.");
}
