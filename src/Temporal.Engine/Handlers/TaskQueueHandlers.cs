using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>What task queues look like, and workers that leave them.</summary>
sealed class TaskQueueHandlers(EngineLoop loop, EngineState state)
{
    const double UnlimitedRate = 100_000;
    const string Unversioned = "__unversioned__";

    static readonly Timestamp NoTime = new() { Seconds = -62135596800 };

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.DescribeTaskQueue, Describe);
        table.Add(WorkflowServiceMethods.ListTaskQueuePartitions, ListPartitions);
        table.Add(WorkflowServiceMethods.ShutdownWorker, ShutdownWorker);
    }

    async ValueTask<DescribeTaskQueueResponse> Describe(DescribeTaskQueueRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckTaskQueue(request.TaskQueue);
        return await loop.RunAsync(tx =>
        {
            // Checked above.
            var name = request.TaskQueue!.Name;
#pragma warning disable CS0612 // The CLI still asks in the enhanced mode.
            if (request.ApiMode == DescribeTaskQueueMode.Enhanced)
                return Enhanced(tx, ns, name, request);
            var type = request.TaskQueueType == TaskQueueType.Unspecified ? TaskQueueType.Workflow : request.TaskQueueType;
            var queue = tx.State.TaskQueues.Find(ns.Id, name, type);
            var answer = new DescribeTaskQueueResponse();
            answer.Pollers.AddRange(PollersOf(queue));
            // What a queue without versioning has; clients read it before they ask for more.
            answer.VersioningInfo = new() { CurrentVersion = Unversioned, UpdateTime = NoTime };
            if (request.ReportStats)
            {
                answer.Stats = StatsOf(queue, tx.Now);
                foreach (var (priority, stats) in StatsByPriority(queue, tx.Now))
                    answer.StatsByPriorityKey[priority] = stats;
            }

            if (request.IncludeTaskQueueStatus)
            {
                answer.TaskQueueStatus = new()
                {
                    BacklogCountHint = queue?.Tasks.Count() ?? 0,
                    RatePerSecond = UnlimitedRate,
                    TaskIdBlock = new() { StartId = 1, EndId = 100_000 },
                };
            }

            return answer;
        });
    }

    static DescribeTaskQueueResponse Enhanced(EngineTransaction tx, NamespaceEntry ns, string name, DescribeTaskQueueRequest request)
    {
        var version = new TaskQueueVersionInfo();
        var types = request.TaskQueueTypes.Count > 0 ? request.TaskQueueTypes.ToList() : [TaskQueueType.Workflow, TaskQueueType.Activity];
        foreach (var type in types)
        {
            var queue = tx.State.TaskQueues.Find(ns.Id, name, type);
            var info = new TaskQueueTypeInfo();
            if (request.ReportPollers)
                info.Pollers.AddRange(PollersOf(queue));
            if (request.ReportStats)
                info.Stats = StatsOf(queue, tx.Now);
            version.TypesInfo[(int)type] = info;
        }

        return new() { VersionsInfo = { [""] = version } };
#pragma warning restore CS0612
    }

    static IEnumerable<PollerInfo> PollersOf(TaskQueue? queue) => queue?.Seen.Select(seen => new PollerInfo
    {
        Identity = seen.Key,
        LastAccessTime = Timestamp.FromDateTime(seen.Value),
        RatePerSecond = UnlimitedRate,
    }) ?? [];

    static TaskQueueStats StatsOf(TaskQueue? queue, DateTime now) => StatsOf(queue?.Tasks.ToList() ?? [], now);

    static Dictionary<int, TaskQueueStats> StatsByPriority(TaskQueue? queue, DateTime now)
    {
        var all = (queue?.Tasks ?? []).GroupBy(task => task.Priority).ToDictionary(group => group.Key, group => StatsOf([.. group], now));
        all.TryAdd(Priorities.Default, StatsOf([], now));
        return all;
    }

    static TaskQueueStats StatsOf(List<QueuedTask> tasks, DateTime now)
    {
        return new()
        {
            ApproximateBacklogCount = tasks.Count,
            ApproximateBacklogAge = Duration.FromTimeSpan(tasks.Count == 0 ? TimeSpan.Zero : now - tasks.Min(task => task.QueuedAt)),
        };
    }

    ValueTask<ListTaskQueuePartitionsResponse> ListPartitions(ListTaskQueuePartitionsRequest request, RpcServerCall call)
    {
        state.Namespaces.Get(request.Namespace);
        StartValidation.CheckTaskQueue(request.TaskQueue);
        // Checked above.
        var only = new TaskQueuePartitionMetadata { Key = request.TaskQueue!.Name, OwnerHostName = "engine" };
        return new(new ListTaskQueuePartitionsResponse { ActivityTaskQueuePartitions = { only }, WorkflowTaskQueuePartitions = { only } });
    }

    async ValueTask<ShutdownWorkerResponse> ShutdownWorker(ShutdownWorkerRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        await loop.RunAsync(tx =>
        {
            if (request.StickyTaskQueue.Length > 0)
                tx.State.TaskQueues.GiveUp(ns.Id, request.StickyTaskQueue);
            if (request.WorkerInstanceKey.Length == 0)
                return;
            foreach (var queue in tx.State.TaskQueues.All.Where(queue => queue.NamespaceId == ns.Id))
                queue.EndPollsOf(request.WorkerInstanceKey);
        });
        return new();
    }
}
