using Microsoft.Extensions.Logging;

namespace Temporal.Engine;

/// <summary>All that lives in memory. Only the loop's thread may touch it (before the loop starts: the starting thread).</summary>
sealed class EngineState
{
    readonly List<IEngineSubsystem> _subsystems = [];

    public EngineState(EngineOptions options, IEngineStore store)
    {
        Options = options;
        Store = store;
        Time = options.TimeProvider;
        Timers = new(Time, options.LoggerFactory.CreateLogger<TimerQueue>());
        Namespaces = new(options);
        TaskQueues = new();
        Workflows = new(this);
    }

    public EngineOptions Options { get; }

    public EngineMeter Meter { get; } = new();

    /// <summary>How many schedules there are; set by their directory.</summary>
    public Func<int> ScheduleCount { get; set; } = () => 0;

    public TimeProvider Time { get; }

    public IEngineStore Store { get; }

    public TimerQueue Timers { get; }

    public NamespaceRegistry Namespaces { get; }

    public TaskQueueRegistry TaskQueues { get; }

    public WorkflowDirectory Workflows { get; }

    /// <summary>Queries that lie in queues or with workers, by id.</summary>
    public Dictionary<string, PendingQuery> Queries { get; } = [];

    /// <summary>Adds a subsystem; before <see cref="Load"/>.</summary>
    public void Add(IEngineSubsystem subsystem) => _subsystems.Add(subsystem);

    /// <summary>Rebuilds memory from the store.</summary>
    public void Load()
    {
        Namespaces.Load(this);
        Workflows.Load();
        foreach (var subsystem in _subsystems)
            subsystem.Load(this);
    }

    /// <summary>After a commit that failed: documents in memory may be ahead of the store.</summary>
    public void ReloadSubsystems()
    {
        Namespaces.Load(this);
        foreach (var subsystem in _subsystems)
            subsystem.Load(this);
    }

    public void NotifyClosed(EngineTransaction tx, WorkflowClosed closed)
    {
        tx.AfterCommit(() => Meter.OnClosed(closed.Status));
        foreach (var subsystem in _subsystems)
            subsystem.OnWorkflowClosed(tx, closed);
    }
}
