using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>All task queues that have or had tasks or pollers, and the end of polls that found nothing.</summary>
sealed class TaskQueueRegistry : ITimed
{
    static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(10);
    static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(5);

    /// <summary>A sticky queue that nobody polled for so long has lost its worker.</summary>
    public static readonly TimeSpan StickyAliveFor = TimeSpan.FromSeconds(10);

    readonly Dictionary<TaskQueueKey, TaskQueue> _queues = [];
    readonly HashSet<TaskQueue> _unmatched = [];

    public int HeapIndex { get; set; } = -1;

    public DateTime Due { get; set; }

    public IEnumerable<TaskQueue> All => _queues.Values;

    /// <summary>For tasks that were put into their queues outside of a commit: the next transaction hands them out.</summary>
    public void MatchLater(IEnumerable<TaskQueue> queues) => _unmatched.UnionWith(queues);

    public void TakeUnmatched(Action<TaskQueue> take)
    {
        foreach (var queue in _unmatched)
            take(queue);
        _unmatched.Clear();
    }

    public TaskQueue Get(string namespaceId, string name, TaskQueueType type) => Get(new(namespaceId, name, type));

    public TaskQueue Get(TaskQueueKey key)
    {
        if (!_queues.TryGetValue(key, out var queue))
            _queues[key] = queue = new(key.NamespaceId, key.Name, key.Type);
        return queue;
    }

    public TaskQueue? Find(string namespaceId, string name, TaskQueueType type) =>
        _queues.GetValueOrDefault(new(namespaceId, name, type));

    /// <summary>Takes a poller out that stopped waiting.</summary>
    public void Remove(Poller poller) => _queues.GetValueOrDefault(poller.Queue)?.Remove(poller);

    public bool HasWorker(string namespaceId, string name, DateTime now) =>
        Find(namespaceId, name, TaskQueueType.Workflow) is { } queue && (queue.HasPollers || queue.LastPoll > now - StickyAliveFor);

    /// <summary>A worker that shuts down gives its sticky queue up: tasks for it go to the normal queue at once.</summary>
    public void GiveUp(string namespaceId, string name)
    {
        if (_queues.Remove(new(namespaceId, name, TaskQueueType.Workflow), out var queue))
            queue.Expire(DateTime.MaxValue);
    }

    public void Fire(EngineTransaction tx)
    {
        var next = tx.Now + SweepEvery;
        foreach (var queue in _queues.Values.ToList())
        {
            if (queue.Expire(tx.Now) is { } deadline && deadline < next)
                next = deadline;
            if (!queue.HasPollers && queue.LastPoll < tx.Now - ForgetAfter && !queue.Tasks.Any())
                _queues.Remove(new(queue.NamespaceId, queue.Name, queue.Type));
        }

        tx.State.Timers.Set(this, next);
    }

    /// <summary>A poll that gives up at this time has come.</summary>
    public void ExpireAt(TimerQueue timers, DateTime deadline)
    {
        if (HeapIndex < 0 || deadline < Due)
            timers.Set(this, deadline);
    }
}
