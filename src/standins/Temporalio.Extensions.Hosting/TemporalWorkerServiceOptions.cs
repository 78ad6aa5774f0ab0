using Temporalio.Client;
using Temporalio.Worker;

namespace Temporalio.Extensions.Hosting;

/// <summary>Options of a hosted worker.</summary>
public class TemporalWorkerServiceOptions : TemporalWorkerOptions
{
    public TemporalWorkerServiceOptions()
    {
    }

    public TemporalWorkerServiceOptions(string taskQueue)
        : base(taskQueue)
    {
    }

    /// <summary>The worker's own connection; null: the injected <see cref="ITemporalClient"/>.</summary>
    public TemporalClientConnectOptions? ClientOptions { get; set; }

    /// <summary>Gives the running worker another client.</summary>
    public TemporalWorkerClientUpdater? WorkerClientUpdater { get; set; }

    public override object Clone()
    {
        var copy = (TemporalWorkerServiceOptions)base.Clone();
        copy.ClientOptions = (TemporalClientConnectOptions?)ClientOptions?.Clone();
        return copy;
    }
}
