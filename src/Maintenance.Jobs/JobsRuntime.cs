using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Calls;
using Maintenance.Jobs.Hosts;
using Maintenance.Jobs.Locks;
using Maintenance.Jobs.Recovery;
using Maintenance.Jobs.Resources;
using Maintenance.Jobs.Restarts;
using Maintenance.Jobs.Runs;
using Maintenance.Jobs.Steps;
using Maintenance.Records;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Worker;

namespace Maintenance.Jobs;

/// <summary>
/// Everything of this part that lives as long as a worker: make one, add it to the options of the control worker and of the host's worker,
/// and let <see cref="RunRecoveryAsync"/> run beside them. Disposing lets go of running scripts and ends none.
/// </summary>
public sealed class JobsRuntime : IDisposable
{
    readonly ControlActivities? _control;
    readonly ClockActivities? _clock;
    readonly LockActivities? _locks;
    readonly PeopleActivities? _people;
    readonly StepActivities _steps;
    readonly CallActivities _calls;
    readonly RestartActivities _restarts;
    readonly AttemptKeeper _recovery;

    /// <param name="store">Null on a host that only runs steps and has no database.</param>
    public JobsRuntime(JobsOptions options, ITemporalClient client, IRunStore? store, TimeProvider time, ILoggerFactory loggers)
    {
        Options = options;
        Directory.CreateDirectory(options.StateFolder);
        Attempts = new AttemptHost(options.ToAttemptHost(), time, loggers.CreateLogger<AttemptHost>());
        var orphans = new OrphanedAttempts();
        _steps = new StepActivities(Attempts, store, orphans, time, loggers.CreateLogger<StepActivities>());
        _calls = new CallActivities(options, new PluginActivities(options.Plugins), time, loggers.CreateLogger<CallActivities>());
        _restarts = new RestartActivities(options.BootIdFile, time);
        _clock = store is null ? null : new ClockActivities(store, time);
        _locks = store is null ? null : new LockActivities(store, time);
        _recovery = new AttemptKeeper(client, Attempts, store, orphans, time, loggers.CreateLogger<AttemptKeeper>());
        var cache = new BundleCache(Path.Combine(options.StateFolder, "cache"));
        _people = store is null ? null : new PeopleActivities(store, cache, time);
        _control = store is null
            ? null
            : new ControlActivities(options, store, cache, Attempts, time, loggers.CreateLogger<ControlActivities>());
    }

    public JobsOptions Options { get; }

    public AttemptHost Attempts { get; }

    /// <summary>For the queue <see cref="TaskQueues.Control"/>: job workflows and the activities that need the store.</summary>
    public void AddControl(TemporalWorkerOptions worker)
    {
        // How long a task waits for a worker that may be gone, before any other takes it: a restarted worker goes on sooner.
        worker.StickyQueueScheduleToStartTimeout = TimeSpan.FromSeconds(2);
        worker.AddWorkflow<JobRunWorkflow>();
        worker.AddWorkflow<RecordRunWorkflow>();
        worker.AddWorkflow<AskHostsWorkflow>();
        worker.AddWorkflow<LockWorkflow>();
        worker.AddWorkflow<ResourceWorkflow>();
        worker.AddAllActivities(
            _control
                ?? throw new InvalidOperationException(
                    "A worker without a record store cannot begin and finish runs. Give it one, or add only the host's part."));
        worker.AddAllActivities(_clock!);
        worker.AddAllActivities(_locks!);
        worker.AddAllActivities(_people!);
    }

    /// <summary>For the queue of this host, <see cref="JobsOptions.HostQueue"/>: the scripts.</summary>
    public void AddHost(TemporalWorkerOptions worker)
    {
        worker.AddAllActivities(_steps);
        worker.AddAllActivities(_calls);
        worker.AddAllActivities(_restarts);
        // A script hears of its cancellation by a heartbeat; without a bound the client library sends one in 24 seconds.
        worker.MaxHeartbeatThrottleInterval = StepActivities.HeartbeatInterval;
    }

    /// <summary>No script runs here, and none that ended waits to be reported.</summary>
    public bool IsIdle => Attempts.RunningCount == 0 && _recovery.IsIdle;

    public Task RunRecoveryAsync(CancellationToken stoppingToken) => _recovery.RunAsync(stoppingToken);

    public void Dispose() => Attempts.Dispose();
}
