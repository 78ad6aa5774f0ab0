using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client;

sealed partial class ServerCalls
{
    public override async Task SignalWorkflowAsync(SignalWorkflowInput input)
    {
        var converter = ConverterFor(input.Id);
        var request = new SignalWorkflowExecutionRequest
        {
            Namespace = Namespace,
            WorkflowExecution = Execution(input.Id, input.RunId),
            SignalName = input.Signal,
            Input = await PayloadsAsync(converter, input.Args),
            Identity = Identity,
            RequestId = Guid.NewGuid().ToString(),
            Header = await HeaderAsync(converter, input.Headers),
        };
        await CallAsync(WorkflowServiceMethods.SignalWorkflowExecution, request, input.Options?.Rpc);
    }

    public override async Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input)
    {
        var converter = ConverterFor(input.Id);
        var request = new QueryWorkflowRequest
        {
            Namespace = Namespace,
            Execution = Execution(input.Id, input.RunId),
            Query = new()
            {
                QueryType = input.Query,
                QueryArgs = await PayloadsAsync(converter, input.Args),
                Header = await HeaderAsync(converter, input.Headers),
            },
            QueryRejectCondition = input.Options?.RejectCondition ?? _client.Options.QueryRejectCondition ?? default,
        };

        QueryWorkflowResponse response;
        try
        {
            response = await CallAsync(WorkflowServiceMethods.QueryWorkflow, request, input.Options?.Rpc);
        }
        catch (RpcException error) when (error.Detail<QueryFailedFailure>() is not null)
        {
            throw new WorkflowQueryFailedException(error.Message);
        }

        if (response.QueryRejected is { } rejected)
            throw new WorkflowQueryRejectedException(rejected.Status);

        return response.QueryResult is null or { Payloads_.Count: 0 }
            ? default!
            : await converter.ToSingleValueAsync<TResult>(response.QueryResult.Payloads_);
    }

    public override async Task<WorkflowExecutionDescription> DescribeWorkflowAsync(DescribeWorkflowInput input)
    {
        var request = new DescribeWorkflowExecutionRequest
        {
            Namespace = Namespace,
            Execution = Execution(input.Id, input.RunId),
        };
        var response = await CallAsync(WorkflowServiceMethods.DescribeWorkflowExecution, request, input.Options?.Rpc);
        return new(response, ConverterFor(input.Id));
    }

    public override Task CancelWorkflowAsync(CancelWorkflowInput input) =>
        CallAsync(
            WorkflowServiceMethods.RequestCancelWorkflowExecution,
            new()
            {
                Namespace = Namespace,
                WorkflowExecution = Execution(input.Id, input.RunId),
                FirstExecutionRunId = input.FirstExecutionRunId ?? string.Empty,
                Identity = Identity,
                RequestId = Guid.NewGuid().ToString(),
            },
            input.Options?.Rpc);

    public override async Task TerminateWorkflowAsync(TerminateWorkflowInput input)
    {
        var request = new TerminateWorkflowExecutionRequest
        {
            Namespace = Namespace,
            WorkflowExecution = Execution(input.Id, input.RunId),
            FirstExecutionRunId = input.FirstExecutionRunId ?? string.Empty,
            Reason = input.Reason ?? string.Empty,
            Details = await PayloadsAsync(ConverterFor(input.Id), input.Options?.Details),
            Identity = Identity,
        };
        await CallAsync(WorkflowServiceMethods.TerminateWorkflowExecution, request, input.Options?.Rpc);
    }

    public override async Task<WorkflowHistoryEventPage> FetchWorkflowHistoryEventPageAsync(
        FetchWorkflowHistoryEventPageInput input)
    {
        var request = new GetWorkflowExecutionHistoryRequest
        {
            Namespace = Namespace,
            Execution = Execution(input.Id, input.RunId),
            MaximumPageSize = input.PageSize ?? 0,
            NextPageToken = input.NextPageToken is { } token ? ByteString.CopyFrom(token) : ByteString.Empty,
            WaitNewEvent = input.WaitNewEvent,
            HistoryEventFilterType = input.EventFilterType,
            SkipArchival = input.SkipArchival,
        };
        while (true)
        {
            var response = await CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request, input.Rpc);
            var next = response.NextPageToken;

            // A long poll that ran out has a token and no events: ask again with the token.
            if (response.History is { Events.Count: > 0 } || next.IsEmpty)
                return new(response.History?.Events ?? [], next.IsEmpty ? null : next.ToByteArray());

            request = request.Clone();
            request.NextPageToken = next;
        }
    }

    public override async Task<WorkflowListPage> ListWorkflowsPaginatedAsync(ListWorkflowsPaginatedInput input)
    {
        var request = new ListWorkflowExecutionsRequest
        {
            Namespace = Namespace,
            PageSize = input.Options?.PageSize ?? 0,
            Query = input.Query,
            NextPageToken = input.NextPageToken is { } token ? ByteString.CopyFrom(token) : ByteString.Empty,
        };
        var response = await CallAsync(WorkflowServiceMethods.ListWorkflowExecutions, request, input.Options?.Rpc);
        return new(
            [.. response.Executions.Select(info => new WorkflowExecution(info, _client.Options.DataConverter, Namespace))],
            response.NextPageToken.IsEmpty ? null : response.NextPageToken.ToByteArray());
    }

    public override IAsyncEnumerable<WorkflowExecution> ListWorkflowsAsync(ListWorkflowsInput input)
    {
        var limit = input.Options?.Limit ?? 0;
        if (limit < 0)
            throw new ArgumentOutOfRangeException(nameof(input), limit, "The limit is negative; use 0 for all.");

        return ListAsync(input, limit == 0 ? int.MaxValue : limit, CancellationToken.None);
    }

    public override async Task<WorkflowExecutionCount> CountWorkflowsAsync(CountWorkflowsInput input)
    {
        var request = new CountWorkflowExecutionsRequest { Namespace = Namespace, Query = input.Query };
        return new(await CallAsync(WorkflowServiceMethods.CountWorkflowExecutions, request, input.Options?.Rpc));
    }

    async IAsyncEnumerable<WorkflowExecution> ListAsync(
        ListWorkflowsInput input,
        int limit,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (rpc, both) = TemporalClient.DefaultRetryOptions(input.Options?.Rpc)
            .WithAdditionalCancellationToken(cancellationToken);
        using var disposed = both;
        var options = new WorkflowListPaginatedOptions { Rpc = rpc };
        byte[]? token = null;
        do
        {
            var page = await _client.ListWorkflowsPaginatedAsync(input.Query, token, options);
            foreach (var execution in page.Workflows)
            {
                yield return execution;
                if (--limit == 0)
                    yield break;
            }

            token = page.NextPageToken;
        }
        while (token is not null);
    }
}
