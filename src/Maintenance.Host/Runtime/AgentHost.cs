using Maintenance.Host.Settings;
using Maintenance.Jobs;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Worker;

namespace Maintenance.Host.Runtime;

/// <summary>
/// The worker of one host: it takes that host's steps and nothing else. It needs no database and no files but its own folder: scripts come
/// with
/// the steps, and results go back the same way.
/// </summary>
sealed class AgentHost(HostSettings settings, StateFolder state, string host, string address, ILoggerFactory logging)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    readonly AgentFolder _folder = new(state.Path);

    /// <summary>Returns when <paramref name="stop"/> is signalled (scripts then go on without it), or when it was drained.</summary>
    /// <param name="ready">Called once, when it has a connection and takes steps.</param>
    public async Task RunAsync(Action ready, CancellationToken stop)
    {
        _folder.ForgetDrain();
        Note(AgentState.Connecting, running: 0);
        var client = await ServerConnection.OpenAsync(settings, address, $"{Environment.MachineName}/{host}", logging, stop);
        using var jobs = new JobsRuntime(Options(), client, store: null, TimeProvider.System, logging);
        using var worker = Worker(jobs, client);
        using var drained = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var polling = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var recovery = jobs.RunRecoveryAsync(drained.Token);
        var work = worker.ExecuteAsync(polling.Token);
        ready();
        await WatchAsync(jobs, client, work, polling, stop);
        await drained.CancelAsync();
        await EndOf(work);
        await EndOf(recovery);
        Note(stop.IsCancellationRequested ? AgentState.Stopped : AgentState.Drained, jobs.Attempts.RunningCount);
    }

    async Task WatchAsync(JobsRuntime jobs, TemporalClient client, Task work, CancellationTokenSource polling, CancellationToken stop)
    {
        using var look = new PeriodicTimer(LookEvery);
        while (!stop.IsCancellationRequested)
        {
            var connected = await IsConnectedAsync(client);
            if (_folder.DrainIsAsked && !polling.IsCancellationRequested)
                await polling.CancelAsync();
            if (work.IsCompleted && !polling.IsCancellationRequested)
                // It ended for a reason of its own, which its task throws.
                await work;
            var draining = polling.IsCancellationRequested;
            Note(draining ? AgentState.Draining : connected ? AgentState.Working : AgentState.Disconnected, jobs.Attempts.RunningCount);
            if (draining && work.IsCompleted && jobs.IsIdle)
                return;
            try
            {
                await look.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    DateTimeOffset _asked = DateTimeOffset.MinValue;
    bool _connected = true;

    async Task<bool> IsConnectedAsync(TemporalClient client)
    {
        if (DateTimeOffset.UtcNow - _asked < AgentFolder.NoteEvery)
            return _connected;
        try
        {
            _connected = await client.Connection.CheckHealthAsync();
        }
        catch (Temporalio.Exceptions.RpcException)
        {
            _connected = false;
        }

        _asked = DateTimeOffset.UtcNow;
        return _connected;
    }

    static async Task EndOf(Task part)
    {
        try
        {
            await part;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    void Note(AgentState now, int running) => _folder.Note(new AgentNote
    {
        Host = host, State = now, Server = address, Pid = Environment.ProcessId, RunningSteps = running, At = DateTimeOffset.UtcNow,
    });

    TemporalWorker Worker(JobsRuntime jobs, TemporalClient client)
    {
        var options = new TemporalWorkerOptions(jobs.Options.HostQueue)
        {
            MaxConcurrentActivities = settings.Worker.MaxConcurrentSteps,
            // One host has few steps at a time: more polls would only be load for the server of a large fleet.
            MaxConcurrentActivityTaskPolls = 1,
            GracefulShutdownTimeout = settings.Worker.ShutdownGrace,
            LoggerFactory = logging,
        };
        jobs.AddHost(options);
        return new(client, options);
    }

    JobsOptions Options() => new()
    {
        StateFolder = state.Path,
        HostId = host,
        HostName = host,
        Plugins = Plugins.Of(settings.Worker),
        Cgroup = settings.Worker.Cgroup,
        RunAs = settings.Worker.PermittedUsers(),
    };
}
