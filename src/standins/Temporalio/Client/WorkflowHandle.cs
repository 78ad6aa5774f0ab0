using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <summary>A workflow that was started, or is known by its id. Making one makes no call.</summary>
/// <param name="Client">The client it belongs to.</param>
/// <param name="Id">The workflow's id.</param>
/// <param name="RunId">The run that signals, queries and the like are for; null: the latest.</param>
/// <param name="ResultRunId">The run whose result is awaited; null: the latest.</param>
/// <param name="FirstExecutionRunId">Cancel and terminate only a run that goes back to this one; null: any.</param>
public partial record WorkflowHandle(
    ITemporalClient Client,
    string Id,
    string? RunId = null,
    string? ResultRunId = null,
    string? FirstExecutionRunId = null)
{
    /// <inheritdoc cref="GetResultAsync{TResult}"/>
    public Task GetResultAsync(bool followRuns = true, RpcOptions? rpcOptions = null) =>
        GetResultAsync<ValueTuple>(followRuns, rpcOptions);

    /// <summary>Waits for the workflow's end.</summary>
    /// <param name="followRuns">True: goes on with the run that a retry, cron or continue-as-new started.</param>
    /// <param name="rpcOptions">Cancellation and metadata; the timeout is that of one poll.</param>
    /// <exception cref="WorkflowFailedException">It failed, timed out, was cancelled or terminated.</exception>
    /// <exception cref="WorkflowContinuedAsNewException">It continued as new and <paramref name="followRuns"/> is false.</exception>
    public virtual async Task<TResult> GetResultAsync<TResult>(bool followRuns = true, RpcOptions? rpcOptions = null)
    {
        var runId = ResultRunId;
        while (true)
        {
            var closing = await ClosingEventAsync(runId, rpcOptions);
            if (followRuns && WorkflowClosing.NextRunId(closing) is { } next)
            {
                runId = next;
                continue;
            }

            var converter = Client.Options.DataConverter.WithSerializationContext(
                new ISerializationContext.Workflow(Client.Options.Namespace, Id));
            return await WorkflowClosing.ResultAsync<TResult>(closing, converter);
        }
    }

    /// <summary>Sends a signal; returns when the server has it, not when it is handled.</summary>
    public virtual Task SignalAsync(
        string signal, IReadOnlyCollection<object?> args, WorkflowSignalOptions? options = null) =>
        Client.OutboundInterceptor.SignalWorkflowAsync(new(Id, RunId, signal, args, options, null));

    /// <summary>Asks the workflow something; also possible when it is closed.</summary>
    /// <exception cref="WorkflowQueryFailedException">There is no such query, or its handler failed.</exception>
    /// <exception cref="WorkflowQueryRejectedException">The reject condition is met.</exception>
    public virtual Task<TQueryResult> QueryAsync<TQueryResult>(
        string query, IReadOnlyCollection<object?> args, WorkflowQueryOptions? options = null) =>
        Client.OutboundInterceptor.QueryWorkflowAsync<TQueryResult>(new(Id, RunId, query, args, options, null));

    /// <summary>Sends an update and waits for its end.</summary>
    /// <exception cref="WorkflowUpdateFailedException">It was rejected or failed.</exception>
    public Task ExecuteUpdateAsync(
        string update, IReadOnlyCollection<object?> args, WorkflowUpdateOptions? options = null) =>
        ExecuteUpdateAsync<ValueTuple>(update, args, options);

    /// <inheritdoc cref="ExecuteUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateOptions?)"/>
    public async Task<TUpdateResult> ExecuteUpdateAsync<TUpdateResult>(
        string update, IReadOnlyCollection<object?> args, WorkflowUpdateOptions? options = null)
    {
        var start = new WorkflowUpdateStartOptions(WorkflowUpdateStage.Completed) { Id = options?.Id, Rpc = options?.Rpc };
        var handle = await StartUpdateAsync<TUpdateResult>(update, args, start);
        return await handle.GetResultAsync(options?.Rpc);
    }

    /// <summary>Sends an update and waits until it is accepted or completed, as the options say.</summary>
    public async Task<WorkflowUpdateHandle> StartUpdateAsync(
        string update, IReadOnlyCollection<object?> args, WorkflowUpdateStartOptions options) =>
        await StartUpdateAsync<ValueTuple>(update, args, options);

    /// <inheritdoc cref="StartUpdateAsync(string, IReadOnlyCollection{object?}, WorkflowUpdateStartOptions)"/>
    public virtual Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateAsync<TUpdateResult>(
        string update, IReadOnlyCollection<object?> args, WorkflowUpdateStartOptions options) =>
        Client.OutboundInterceptor.StartWorkflowUpdateAsync<TUpdateResult>(
            new(Id, RunId, FirstExecutionRunId, update, args, options, null));

    /// <summary>A handle for an update sent earlier. Makes no call.</summary>
    public WorkflowUpdateHandle GetUpdateHandle(string id) => new(Client, id, Id, RunId);

    /// <inheritdoc cref="GetUpdateHandle(string)"/>
    public WorkflowUpdateHandle<TUpdateResult> GetUpdateHandle<TUpdateResult>(string id) => new(Client, id, Id, RunId);

    public virtual Task<WorkflowExecutionDescription> DescribeAsync(WorkflowDescribeOptions? options = null) =>
        Client.OutboundInterceptor.DescribeWorkflowAsync(new(Id, RunId, options));

    /// <summary>Asks the workflow to cancel; returns when the server has the request.</summary>
    public virtual Task CancelAsync(WorkflowCancelOptions? options = null) =>
        Client.OutboundInterceptor.CancelWorkflowAsync(new(Id, RunId, FirstExecutionRunId, options));

    /// <summary>Ends the workflow at once, without asking its code.</summary>
    public virtual Task TerminateAsync(string? reason = null, WorkflowTerminateOptions? options = null) =>
        Client.OutboundInterceptor.TerminateWorkflowAsync(new(Id, RunId, FirstExecutionRunId, reason, options));

    /// <summary>All events there are now.</summary>
    public virtual async Task<WorkflowHistory> FetchHistoryAsync(WorkflowHistoryEventFetchOptions? options = null)
    {
        var events = new List<HistoryEvent>();
        await foreach (var historyEvent in FetchHistoryEventsAsync(options))
            events.Add(historyEvent);
        return new(Id, events);
    }

    /// <summary>The events as they are fetched, page by page.</summary>
    public virtual IAsyncEnumerable<HistoryEvent> FetchHistoryEventsAsync(WorkflowHistoryEventFetchOptions? options = null) =>
        EventsAsync(RunId, options ?? new(), CancellationToken.None);

    async Task<HistoryEvent> ClosingEventAsync(string? runId, RpcOptions? rpcOptions)
    {
        var options = new WorkflowHistoryEventFetchOptions
        {
            EventFilterType = HistoryEventFilterType.CloseEvent,
            WaitNewEvent = true,
            SkipArchival = true,
            Rpc = rpcOptions,
        };
        await foreach (var historyEvent in EventsAsync(runId, options, CancellationToken.None))
            return historyEvent;

        throw new InvalidOperationException($"The server ended the history of workflow '{Id}' without a closing event.");
    }

    async IAsyncEnumerable<HistoryEvent> EventsAsync(
        string? runId,
        WorkflowHistoryEventFetchOptions options,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (rpc, both) = TemporalClient.DefaultRetryOptions(options.Rpc).WithAdditionalCancellationToken(cancellationToken);
        using var disposed = both;
        byte[]? token = null;
        do
        {
            var page = await Client.OutboundInterceptor.FetchWorkflowHistoryEventPageAsync(
                new(Id, runId, null, token, options.WaitNewEvent, options.EventFilterType, options.SkipArchival, rpc));
            foreach (var historyEvent in page.Events)
                yield return historyEvent;
            token = page.NextPageToken;
        }
        while (token is not null);
    }
}
