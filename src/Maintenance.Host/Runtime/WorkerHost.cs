using Maintenance.Host.Settings;
using Maintenance.Jobs;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Worker;

namespace Maintenance.Host.Runtime;

/// <summary>The two Temporal workers of one host: one for the job workflows, one for the scripts of this host.</summary>
sealed class WorkerHost(JobsRuntime jobs, ITemporalClient client, WorkerSettings settings, ILoggerFactory logging) : IDisposable
{
    readonly TemporalWorker _control = Control(jobs, client, settings, logging);
    readonly TemporalWorker _host = Host(jobs, client, settings, logging);

    /// <summary>Runs until <paramref name="stop"/>; scripts that run then go on without the worker.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // When one of the three ends for a reason of its own, the others must not go on half alive.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] parts = [_control.ExecuteAsync(either.Token), _host.ExecuteAsync(either.Token), jobs.RunRecoveryAsync(either.Token)];
        var first = await Task.WhenAny(parts[0], parts[1]);
        await either.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        await first;
    }

    public void Dispose()
    {
        _control.Dispose();
        _host.Dispose();
    }

    static TemporalWorker Control(JobsRuntime jobs, ITemporalClient client, WorkerSettings settings, ILoggerFactory logging)
    {
        var options = new TemporalWorkerOptions(TaskQueues.Control)
        {
            MaxCachedWorkflows = settings.MaxCachedWorkflows, GracefulShutdownTimeout = settings.ShutdownGrace, LoggerFactory = logging,
        };
        jobs.AddControl(options);
        return new(client, options);
    }

    static TemporalWorker Host(JobsRuntime jobs, ITemporalClient client, WorkerSettings settings, ILoggerFactory logging)
    {
        var options = new TemporalWorkerOptions(jobs.Options.HostQueue)
        {
            MaxConcurrentActivities = settings.MaxConcurrentSteps, GracefulShutdownTimeout = settings.ShutdownGrace,
            LoggerFactory = logging,
        };
        jobs.AddHost(options);
        return new(client, options);
    }
}
