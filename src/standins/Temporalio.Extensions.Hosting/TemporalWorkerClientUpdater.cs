using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>Gives the workers that know it another client while they run, for example with a new certificate.</summary>
public class TemporalWorkerClientUpdater
{
    readonly Lock _lock = new();
    readonly List<TemporalWorker> _workers = [];

    public void UpdateClient(IWorkerClient client)
    {
        lock (_lock)
        {
            foreach (var worker in _workers)
                worker.Client = client;
        }
    }

    internal IDisposable Watch(TemporalWorker worker)
    {
        lock (_lock)
            _workers.Add(worker);
        return new Watched(this, worker);
    }

    sealed class Watched(TemporalWorkerClientUpdater updater, TemporalWorker worker) : IDisposable
    {
        public void Dispose()
        {
            lock (updater._lock)
                updater._workers.Remove(worker);
        }
    }
}
