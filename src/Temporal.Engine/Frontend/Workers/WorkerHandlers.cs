using System.Text;
using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Worker.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Heartbeats of whole workers, and the lists that are made of them.</summary>
sealed class WorkerHandlers(EngineState state, WorkerRegistry workers)
{
    const int PageSizeDefault = 100;

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.RecordWorkerHeartbeat, (request, _) => new(Record(request)));
        table.Add(WorkflowServiceMethods.DescribeWorker, (request, _) => new(Describe(request)));
        table.Add(WorkflowServiceMethods.ListWorkers, (request, _) => new(List(request)));
        table.Add(WorkflowServiceMethods.CountWorkers, (request, _) =>
            new(new CountWorkersResponse { Count = Found(request.Namespace, request.Query).Count() }));
    }

    RecordWorkerHeartbeatResponse Record(RecordWorkerHeartbeatRequest request)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        foreach (var heartbeat in request.WorkerHeartbeat)
            workers.Record(ns.Id, heartbeat);
        return new();
    }

    DescribeWorkerResponse Describe(DescribeWorkerRequest request)
    {
        var found = workers.Find(state.Namespaces.Get(request.Namespace).Id, request.WorkerInstanceKey)
            ?? throw RpcFailure.WithDetail(RpcStatus.NotFound, $"Worker {request.WorkerInstanceKey} not found", new NotFoundFailure());
        return new() { WorkerInfo = new() { WorkerHeartbeat = found } };
    }

    ListWorkersResponse List(ListWorkersRequest request)
    {
        var after = request.NextPageToken.ToStringUtf8();
        var size = request.PageSize > 0 ? request.PageSize : PageSizeDefault;
        var found = Found(request.Namespace, request.Query)
            .Where(worker => string.CompareOrdinal(worker.WorkerInstanceKey, after) > 0)
            .Take(size + 1)
            .ToList();

        var page = new ListWorkersResponse();
        foreach (var worker in found.Take(size))
        {
#pragma warning disable CS0612 // Deprecated, and what the UI of today reads.
            page.WorkersInfo.Add(new WorkerInfo { WorkerHeartbeat = worker });
#pragma warning restore CS0612
            page.Workers.Add(Short(worker));
        }

        if (found.Count > size)
            page.NextPageToken = ByteString.CopyFrom(found[size - 1].WorkerInstanceKey, Encoding.UTF8);
        return page;
    }

    IEnumerable<WorkerHeartbeat> Found(string name, string query) =>
        workers.List(state.Namespaces.Get(name).Id).Where(worker => WorkerQuery.Matches(query, worker));

    static WorkerListInfo Short(WorkerHeartbeat worker) => new()
    {
        WorkerInstanceKey = worker.WorkerInstanceKey,
        WorkerIdentity = worker.WorkerIdentity,
        TaskQueue = worker.TaskQueue,
        DeploymentVersion = worker.DeploymentVersion,
        SdkName = worker.SdkName,
        SdkVersion = worker.SdkVersion,
        Status = worker.Status,
        StartTime = worker.StartTime,
        HostName = worker.HostInfo?.HostName ?? "",
        WorkerGroupingKey = worker.HostInfo?.WorkerGroupingKey ?? "",
        ProcessId = worker.HostInfo?.ProcessId ?? "",
        Plugins = { worker.Plugins },
        Drivers = { worker.Drivers },
    };
}
