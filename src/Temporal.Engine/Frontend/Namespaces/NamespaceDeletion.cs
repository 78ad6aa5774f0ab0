using Microsoft.Extensions.Logging;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Engine;

/// <summary>
/// Deletes a namespace: at once it gets another name, so that its own is free, then its schedules and workflows go in
/// small steps, then itself. A deletion that a stop of the engine interrupts goes on at the next start.
/// </summary>
sealed class NamespaceDeletion(EngineState state, EngineLoop loop, OwnCalls calls) : IAsyncDisposable
{
    const int PageSize = 100;

    readonly CancellationTokenSource _engineStops = new();
    readonly ILogger _log = state.Options.LoggerFactory.CreateLogger<NamespaceDeletion>();
    readonly Lock _lock = new();
    readonly List<Task> _running = [];

    public void AddTo(RpcServiceTable table) =>
        table.Add(OperatorServiceMethods.DeleteNamespace, async (request, _) => await DeleteAsync(request));

    public void Resume()
    {
        foreach (var ns in state.Namespaces.All.Where(ns => ns.Info.State == NamespaceState.Deleted))
            Run(ns.Name);
    }

    async Task<DeleteNamespaceResponse> DeleteAsync(DeleteNamespaceRequest request)
    {
        var ns = request.NamespaceId.Length > 0 && request.Namespace.Length == 0
            ? state.Namespaces.FindById(request.NamespaceId) ?? throw NamespaceRegistry.NotFound(request.NamespaceId)
            : state.Namespaces.Get(request.Namespace);
        if (ns.Name == NamespaceRegistry.SystemName)
            throw new RpcFailure(RpcStatus.FailedPrecondition, "unable to delete system namespace");

        var renamed = await loop.RunAsync(tx => Rename(tx, ns.Name));
        Run(renamed);
        return new() { DeletedNamespace = renamed };
    }

    static string Rename(EngineTransaction tx, string name)
    {
        var registry = tx.State.Namespaces;
        var ns = registry.GetForUpdate(name);
        var info = ns.Info.Clone();
        info.Name = $"{name}-deleted-{ns.Id[..5]}";
        info.State = NamespaceState.Deleted;
        registry.Put(tx, ns with { Name = info.Name, Info = info });
        return info.Name;
    }

    void Run(string name)
    {
        var run = Task.Run(() => EmptyAsync(name, _engineStops.Token));
        lock (_lock)
        {
            _running.RemoveAll(task => task.IsCompleted);
            _running.Add(run);
        }
    }

    async Task EmptyAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await DeleteSchedulesAsync(name, cancellationToken);
            await DeleteWorkflowsAsync(name, cancellationToken);
            await loop.RunAsync(tx => tx.State.Namespaces.Remove(tx, tx.State.Namespaces.GetForUpdate(name)));
        }
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested)
        {
            NamespaceLog.DeletionFailed(_log, name, ex);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The engine stops; Resume goes on with it.
        }
    }

    async Task DeleteSchedulesAsync(string name, CancellationToken cancellationToken)
    {
        if (!calls.Has(ListSchedules))
            return;

        while (true)
        {
            var page = await calls.CallAsync(ListSchedules, new() { Namespace = name, MaximumPageSize = PageSize }, cancellationToken);
            if (page.Schedules.Count == 0)
                return;
            foreach (var schedule in page.Schedules)
                await calls.CallAsync(DeleteSchedule, new() { Namespace = name, ScheduleId = schedule.ScheduleId }, cancellationToken);
        }
    }

    async Task DeleteWorkflowsAsync(string name, CancellationToken cancellationToken)
    {
        if (!calls.Has(ListWorkflowExecutions))
            return;

        while (true)
        {
            var page = await calls.CallAsync(ListWorkflowExecutions, new() { Namespace = name, PageSize = PageSize }, cancellationToken);
            if (page.Executions.Count == 0)
                return;
            foreach (var found in page.Executions)
                await DeleteAsync(new() { Namespace = name, WorkflowExecution = found.Execution }, cancellationToken);
        }
    }

    async Task DeleteAsync(DeleteWorkflowExecutionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await calls.CallAsync(DeleteWorkflowExecution, request, cancellationToken);
        }
        catch (RpcFailure failure) when (failure.Status == RpcStatus.NotFound)
        {
            // Its retention ended in between.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engineStops.CancelAsync();
        Task[] running;
        lock (_lock)
            running = [.. _running];
        await Task.WhenAll(running);
        _engineStops.Dispose();
    }
}

/// <summary>Events 4210-4219: namespaces.</summary>
static partial class NamespaceLog
{
    [LoggerMessage(4210, LogLevel.Error, "The deletion of namespace {Namespace} stopped; it goes on when the engine starts again")]
    public static partial void DeletionFailed(ILogger log, string @namespace, Exception failure);
}
