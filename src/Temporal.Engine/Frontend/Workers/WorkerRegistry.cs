using System.Collections.Concurrent;
using Temporalio.Api.Worker.V1;

namespace Temporal.Engine;

/// <summary>What workers last said of themselves. In memory only: after a restart they say it again within a minute.</summary>
sealed class WorkerRegistry(TimeProvider time)
{
    /// <summary>Workers report every minute; one that was silent for so long is gone.</summary>
    static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(5);

    /// <summary>More workers than this are not listed.</summary>
    const int WorkersMax = 100_000;

    readonly ConcurrentDictionary<(string NamespaceId, string Key), Seen> _workers = new();

    public void Record(string namespaceId, WorkerHeartbeat heartbeat)
    {
        var key = (namespaceId, heartbeat.WorkerInstanceKey);
        if (_workers.Count < WorkersMax || _workers.ContainsKey(key))
            _workers[key] = new(heartbeat, time.GetUtcNow());
    }

    public WorkerHeartbeat? Find(string namespaceId, string key) =>
        _workers.TryGetValue((namespaceId, key), out var seen) && IsFresh(seen) ? seen.Heartbeat : null;

    /// <summary>By instance key, so that pages have an order.</summary>
    public IReadOnlyList<WorkerHeartbeat> List(string namespaceId)
    {
        foreach (var (key, seen) in _workers)
        {
            if (!IsFresh(seen))
                _workers.TryRemove(new(key, seen));
        }

        return [.. _workers.Where(worker => worker.Key.NamespaceId == namespaceId)
            .Select(worker => worker.Value.Heartbeat)
            .OrderBy(heartbeat => heartbeat.WorkerInstanceKey, StringComparer.Ordinal)];
    }

    bool IsFresh(Seen seen) => time.GetUtcNow() - seen.At < ForgetAfter;

    sealed record Seen(WorkerHeartbeat Heartbeat, DateTimeOffset At);
}
