using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Batch.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>One operation on many workflows. A namespace runs one batch at a time.</summary>
sealed class BatchHandlers(EngineState state, EngineLoop loop, OwnCalls calls) : IAsyncDisposable
{
    const int PageSizeDefault = 100;

    readonly BatchStore _store = new(state, loop);
    readonly ConcurrentDictionary<string, Running> _running = new();
    readonly CancellationTokenSource _engineStops = new();

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.StartBatchOperation, async (request, _) => await StartAsync(request));
        table.Add(WorkflowServiceMethods.StopBatchOperation, async (request, _) => await StopAsync(request));
        table.Add(WorkflowServiceMethods.DescribeBatchOperation, (request, _) => new(Describe(request)));
        table.Add(WorkflowServiceMethods.ListBatchOperations, (request, _) => new(List(request)));
    }

    /// <summary>Takes up what the last stop of the engine interrupted.</summary>
    public void Resume()
    {
        foreach (var ns in state.Namespaces.All)
        {
            foreach (var request in _store.Unfinished(ns.Id))
            {
                if (_store.Find(ns.Id, request.JobId) is { } begun)
                    TryRun(ns, request, begun);
            }
        }
    }

    async Task<StartBatchOperationResponse> StartAsync(StartBatchOperationRequest request)
    {
        BatchRules.Check(request);
        var ns = state.Namespaces.Get(request.Namespace);
        var (type, identity) = BatchRules.Describe(request);
        var begun = new DescribeBatchOperationResponse
        {
            OperationType = type,
            JobId = request.JobId,
            State = BatchOperationState.Running,
            StartTime = Timestamp.FromDateTimeOffset(state.Time.GetUtcNow()),
            Identity = identity,
            Reason = request.Reason,
            Query = request.VisibilityQuery,
        };

        if (!_running.TryAdd(ns.Id, Running.Nothing))
            throw TooMany();
        try
        {
            await _store.BeginAsync(ns, request, begun);
        }
        catch
        {
            _running.TryRemove(ns.Id, out _);
            throw;
        }

        Run(ns, request, begun);
        return new();
    }

    async Task<StopBatchOperationResponse> StopAsync(StopBatchOperationRequest request)
    {
        BatchRules.CheckJobId(request.JobId);
        var ns = state.Namespaces.Get(request.Namespace);
        if (_running.TryGetValue(ns.Id, out var running) && running.JobId == request.JobId)
        {
            await running.Stop.CancelAsync();
            await running.Task;
            return new();
        }

        throw _store.Find(ns.Id, request.JobId) is null
            ? NotFound($"workflow not found for ID: {request.JobId}")
            : NotFound("workflow execution already completed");
    }

    DescribeBatchOperationResponse Describe(DescribeBatchOperationRequest request)
    {
        BatchRules.CheckJobId(request.JobId);
        var ns = state.Namespaces.Get(request.Namespace);
        var stored = _store.Find(ns.Id, request.JobId) ?? throw NotFound($"workflow not found for ID: {request.JobId}");
        return stored.State == BatchOperationState.Running && _running.TryGetValue(ns.Id, out var running) && running.JobId == request.JobId
            ? running.Job?.Progress ?? stored
            : stored;
    }

    /// <summary>Newest first; a page's token is how many came before it.</summary>
    ListBatchOperationsResponse List(ListBatchOperationsRequest request)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        var size = request.PageSize > 0 ? request.PageSize : PageSizeDefault;
        var skipped = int.TryParse(request.NextPageToken.ToStringUtf8(), out var before) ? before : 0;
        var all = _store.List(ns.Id).OrderByDescending(found => found.StartTime)
            .ThenBy(found => found.JobId, StringComparer.Ordinal)
            .ToList();

        var page = new ListBatchOperationsResponse();
        page.OperationInfo.AddRange(all.Skip(skipped).Take(size).Select(found => new BatchOperationInfo
        {
            JobId = found.JobId,
            State = found.State,
            StartTime = found.StartTime,
            CloseTime = found.CloseTime,
            OperationType = found.OperationType,
        }));
        if (skipped + size < all.Count)
            page.NextPageToken = ByteString.CopyFrom($"{skipped + size}", Encoding.UTF8);
        return page;
    }

    void TryRun(NamespaceEntry ns, StartBatchOperationRequest request, DescribeBatchOperationResponse begun)
    {
        if (_running.TryAdd(ns.Id, Running.Nothing))
            Run(ns, request, begun);
    }

    void Run(NamespaceEntry ns, StartBatchOperationRequest request, DescribeBatchOperationResponse begun)
    {
        var job = new BatchJob(ns, request, begun, _store, calls, state.Options);
        var stop = new CancellationTokenSource();
        var mayEnd = new TaskCompletionSource();
        _running[ns.Id] = new(request.JobId, job, stop, RunToEndAsync());
        mayEnd.SetResult();

        async Task RunToEndAsync()
        {
            await mayEnd.Task.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            await job.RunAsync(stop.Token, _engineStops.Token);
            _running.TryRemove(ns.Id, out _);
        }
    }

    static RpcFailure TooMany() => RpcFailure.WithDetail(
        RpcStatus.ResourceExhausted,
        "Max concurrent batch operations is reached",
        new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.ConcurrentLimit, Scope = ResourceExhaustedScope.Namespace });

    static RpcFailure NotFound(string message) => RpcFailure.WithDetail(RpcStatus.NotFound, message, new NotFoundFailure());

    public async ValueTask DisposeAsync()
    {
        await _engineStops.CancelAsync();
        await Task.WhenAll(_running.Values.Select(running => running.Task));
        _engineStops.Dispose();
    }

    sealed record Running(string JobId, BatchJob? Job, CancellationTokenSource Stop, Task Task)
    {
        /// <summary>Holds the namespace's place while a batch is being written down.</summary>
        public static readonly Running Nothing = new("", null, new(), Task.CompletedTask);
    }
}
