using Temporalio.Worker.Execution;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// The runs in memory, the least recently used dropped first. A run is used by one task at a time. Dropping one loses nothing: the
/// next task replays its history. With size 0 every task does.
/// </summary>
sealed class WorkflowCache(int size)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    readonly LinkedList<Entry> _byUse = new();

    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>Waits until no other task uses the run.</summary>
    public async Task<Lease> LeaseAsync(string runId, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue(runId, out entry!))
            {
                entry = new(runId);
                _entries.Add(runId, entry);
                _byUse.AddLast(entry.Node);
            }

            entry.Users++;
        }

        try
        {
            await entry.Turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Release(entry, heldTurn: false);
            throw;
        }

        return new(this, entry);
    }

    void Release(Entry entry, bool heldTurn)
    {
        lock (_lock)
        {
            entry.Users--;
            if (heldTurn)
                entry.Turn.Release();
            if (entry.Users == 0 && !entry.IsStuck && (entry.Run is null || size == 0))
            {
                Remove(entry);
            }
            else
            {
                _byUse.Remove(entry.Node);
                _byUse.AddLast(entry.Node);
            }

            for (var node = _byUse.First; node is not null && _entries.Count > size;)
            {
                var (candidate, next) = (node.Value, node.Next);
                if (candidate.Users == 0 && !candidate.IsStuck)
                    Remove(candidate);
                node = next;
            }
        }
    }

    void Remove(Entry entry)
    {
        _entries.Remove(entry.RunId);
        _byUse.Remove(entry.Node);
    }

    /// <summary>The right to use one run.</summary>
    public sealed class Lease(WorkflowCache cache, Entry entry) : IDisposable
    {
        /// <summary>The run as far as it is known; null when it has to be replayed.</summary>
        public WorkflowRun? Run => entry.Run;

        /// <summary>Workflow code of this run that never returned; nothing else may touch the run until it does.</summary>
        public Task? Stuck
        {
            get => entry.IsStuck ? entry.Stuck : null;
            set => entry.Stuck = value;
        }

        public void Keep(WorkflowRun run) => entry.Run = run;

        public void Evict() => entry.Run = null;

        public void Dispose() => cache.Release(entry, heldTurn: true);
    }

    public sealed class Entry
    {
        public Entry(string runId)
        {
            RunId = runId;
            Node = new(this);
        }

        public string RunId { get; }

        public LinkedListNode<Entry> Node { get; }

        public SemaphoreSlim Turn { get; } = new(1);

        public WorkflowRun? Run { get; set; }

        public Task? Stuck { get; set; }

        /// <summary>Whether a thread is still inside the run's code. Forgotten, every further attempt would lose one more.</summary>
        public bool IsStuck => Stuck is { IsCompleted: false };

        public int Users { get; set; }
    }
}
