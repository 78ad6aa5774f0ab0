using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>A task in a queue. It may have become pointless since; whoever takes it out asks.</summary>
abstract class QueuedTask(DateTime queuedAt, int priority)
{
    public DateTime QueuedAt { get; } = queuedAt;

    /// <summary>1 comes first, 5 last.</summary>
    public int Priority { get; } = priority;

    /// <summary>Whether it still needs a worker.</summary>
    public abstract bool IsWanted { get; }

    /// <summary>Makes it the poller's. The answer is built later, off the loop, after the commit.</summary>
    public abstract Func<IMessage> HandOut(EngineTransaction tx, Poller poller);
}

/// <summary>Which task queue.</summary>
readonly record struct TaskQueueKey(string NamespaceId, string Name, TaskQueueType Type);

/// <summary>A worker that waits for a task.</summary>
sealed class Poller(TaskQueueKey queue, string identity, string workerKey, DateTime deadline, CancellationToken gone)
{
    readonly TaskCompletionSource<Func<IMessage>?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskQueueKey Queue { get; } = queue;

    public string Identity { get; } = identity;

    /// <summary>The worker's own key, by which it ends its polls when it shuts down; may be empty.</summary>
    public string WorkerKey { get; } = workerKey;

    public DateTime Deadline { get; } = deadline;

    public bool IsGone => gone.IsCancellationRequested;

    /// <summary>Ends with what builds the answer, or null for an empty one.</summary>
    public Task<Func<IMessage>?> Answer => _answer.Task;

    public void Complete(Func<IMessage>? answer) => _answer.TrySetResult(answer);

    public void Fail(Exception failure) => _answer.TrySetException(failure);
}

/// <summary>
/// Tasks and pollers that wait for each other. Tasks of a lower priority number come first; among equals, and for pollers,
/// first come first served.
/// </summary>
sealed class TaskQueue(string namespaceId, string name, TaskQueueType type)
{
    // One line per priority.
    readonly LinkedList<QueuedTask>?[] _tasks = new LinkedList<QueuedTask>?[Priorities.Lowest + 1];
    readonly LinkedList<Poller> _pollers = new();

    public string NamespaceId { get; } = namespaceId;

    public string Name { get; } = name;

    public TaskQueueType Type { get; } = type;

    /// <summary>Who polled lately, with the time, for DescribeTaskQueue and for the choice of a sticky queue.</summary>
    public Dictionary<string, DateTime> Seen { get; } = [];

    public DateTime LastPoll { get; private set; }

    /// <summary>How many tasks lie in it; some of them may have become pointless.</summary>
    public int Depth => _tasks.Sum(line => line?.Count ?? 0);

    public int PollerCount => _pollers.Count;

    public bool HasPollers => _pollers.Count > 0;

    public IEnumerable<Poller> Pollers => _pollers;

    public IEnumerable<QueuedTask> Tasks => _tasks.SelectMany(line => line ?? []).Where(task => task.IsWanted);

    public void Add(EngineTransaction tx, QueuedTask task)
    {
        var line = _tasks[task.Priority] ??= new();
        var node = line.AddLast(task);
        tx.OnRollBack(() => Remove(line, node));
        tx.Match(this);
    }

    public void Add(EngineTransaction tx, Poller poller)
    {
        var node = _pollers.AddLast(poller);
        Seen[poller.Identity] = tx.Now;
        tx.State.TaskQueues.ExpireAt(tx.State.Timers, poller.Deadline);
        LastPoll = tx.Now;
        tx.OnRollBack(() => Remove(_pollers, node));
        tx.Match(this);
    }

    static void Remove<T>(LinkedList<T> list, LinkedListNode<T> node)
    {
        if (node.List == list)
            list.Remove(node);
    }

    /// <summary>Takes a poller out that stopped waiting.</summary>
    public void Remove(Poller poller)
    {
        _pollers.Remove(poller);
        poller.Complete(null);
    }

    /// <summary>Ends the polls whose time is over; the earliest end of the others.</summary>
    public DateTime? Expire(DateTime now)
    {
        DateTime? next = null;
        for (var node = _pollers.First; node is not null;)
        {
            var following = node.Next;
            if (node.Value.Deadline <= now)
            {
                _pollers.Remove(node);
                node.Value.Complete(null);
            }
            else if (next is null || node.Value.Deadline < next)
            {
                next = node.Value.Deadline;
            }

            node = following;
        }

        return next;
    }

    /// <summary>Ends the polls of a worker that shuts down.</summary>
    public void EndPollsOf(string workerKey)
    {
        foreach (var poller in _pollers.Where(poller => poller.WorkerKey == workerKey).ToList())
            Remove(poller);
    }

    public void Match(EngineTransaction tx)
    {
        foreach (var line in _tasks)
        {
            if (line is not null && !Match(tx, line))
                return;
        }
    }

    /// <summary>False when no poller is left.</summary>
    bool Match(EngineTransaction tx, LinkedList<QueuedTask> line)
    {
        while (line.First is { } task)
        {
            if (!task.Value.IsWanted)
            {
                line.RemoveFirst();
                continue;
            }

            if (NextPoller() is not { } poller)
                return false;
            line.RemoveFirst();
            var lost = new RpcFailure(RpcStatus.Unavailable, "The task could not be written down; poll again.");
            tx.OnRollBack(() => poller.Fail(lost));
            var answer = task.Value.HandOut(tx, poller);
            var waited = tx.Now - task.Value.QueuedAt;
            tx.AfterCommit(() =>
            {
                poller.Complete(answer);
                tx.State.Meter.OnHandedOut(Type, waited);
            });
        }

        return true;
    }

    Poller? NextPoller()
    {
        while (_pollers.First is { } node)
        {
            _pollers.RemoveFirst();
            if (!node.Value.IsGone)
                return node.Value;
            node.Value.Complete(null);
        }

        return null;
    }
}
