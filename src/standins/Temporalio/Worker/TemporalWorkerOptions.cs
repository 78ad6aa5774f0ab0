using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Tuning;
using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>What a worker runs and how much of it. The task queue and something to run are required.</summary>
public class TemporalWorkerOptions : ICloneable
{
    /// <summary>Options to fill.</summary>
    public TemporalWorkerOptions()
    {
    }

    /// <summary>Options for this task queue.</summary>
    public TemporalWorkerOptions(string taskQueue) => TaskQueue = taskQueue;

    /// <summary>Task queue.</summary>
    public string? TaskQueue { get; set; }

    /// <summary>Activities that it runs.</summary>
    public IList<ActivityDefinition> Activities { get; private set; } = [];

    /// <summary>Workflows that it runs.</summary>
    public IList<WorkflowDefinition> Workflows { get; private set; } = [];

    /// <summary>Interceptors, outermost first, after those of the client.</summary>
    public IReadOnlyCollection<IWorkerInterceptor>? Interceptors { get; set; }

    /// <summary>Where activities start, default the thread pool.</summary>
    public TaskFactory ActivityTaskFactory { get; set; } = new(TaskScheduler.Default);

    /// <summary>Who it says it is, default the client's identity.</summary>
    public string? Identity { get; set; }

    /// <summary>Loggers, default the client's.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Workflow runs kept in memory, default 10,000. 0 replays a run from its history for each task.</summary>
    public int MaxCachedWorkflows { get; set; } = 10000;

    /// <summary>Workflow tasks at a time, default 100.</summary>
    public int? MaxConcurrentWorkflowTasks { get; set; }

    /// <summary>Activities at a time, default 100.</summary>
    public int? MaxConcurrentActivities { get; set; }

    /// <summary>Local activities at a time, default 100.</summary>
    public int? MaxConcurrentLocalActivities { get; set; }

    /// <summary>Slots of all kinds at once, in place of the three numbers above.</summary>
    public WorkerTuner? Tuner { get; set; }

    /// <summary>Open polls for workflow tasks, default 5.</summary>
    public int MaxConcurrentWorkflowTaskPolls { get; set; } = 5;

    /// <summary>Open polls for activities, default 5.</summary>
    public int MaxConcurrentActivityTaskPolls { get; set; } = 5;

    /// <summary>Share of the workflow polls that go to the normal queue and not to this worker's own, default 0.2.</summary>
    public float NonStickyToStickyPollRatio { get; set; } = 0.2f;

    /// <summary>In place of <see cref="MaxConcurrentWorkflowTaskPolls"/>.</summary>
    public PollerBehavior? WorkflowTaskPollerBehavior { get; set; }

    /// <summary>In place of <see cref="MaxConcurrentActivityTaskPolls"/>.</summary>
    public PollerBehavior? ActivityTaskPollerBehavior { get; set; }

    /// <summary>How long the server waits for this worker before it gives a cached run to any other, default 10 s.</summary>
    public TimeSpan StickyQueueScheduleToStartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long activities may go on after the worker was asked to stop, default not at all.</summary>
    public TimeSpan GracefulShutdownTimeout { get; set; }

    /// <summary>Longest wait between two heartbeats that are sent, default 60 s.</summary>
    public TimeSpan MaxHeartbeatThrottleInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Wait between two heartbeats of an activity without heartbeat timeout, default 30 s.</summary>
    public TimeSpan DefaultHeartbeatThrottleInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Activities started per second by this worker; no limit by default.</summary>
    public double? MaxActivitiesPerSecond { get; set; }

    /// <summary>Activities started per second by all workers of the queue, kept by the server.</summary>
    public double? MaxTaskQueueActivitiesPerSecond { get; set; }

    /// <summary>No polls for activities: only local ones run.</summary>
    public bool LocalActivityWorkerOnly { get; set; }

    /// <summary>No activities within the reply to a workflow task.</summary>
    public bool DisableEagerActivityExecution { get; set; }

    /// <summary>Activities asked for within the reply to one workflow task, default 3.</summary>
    public int MaxEagerActivityReservationsPerWorkflowTask { get; set; } = 3;

    /// <summary>Exceptions that fail a workflow instead of its task.</summary>
    public IReadOnlyCollection<Type>? WorkflowFailureExceptionTypes { get; set; }

    /// <summary>Whether the stack trace query is answered.</summary>
    public WorkflowStackTrace WorkflowStackTrace { get; set; }

    /// <summary>No deadlock detection; default while a debugger is attached or TEMPORAL_DEBUG is set.</summary>
    public bool DebugMode { get; set; } = DebugModes.Default;

    /// <summary>
    /// Sends payloads that are larger than the namespace takes, instead of failing the workflow task; the server then ends the workflow.
    /// </summary>
    public bool DisablePayloadErrorLimit { get; set; }

    /// <summary>Lets workflow code await tasks that are not part of it. Its replay may then differ.</summary>
    public bool DisableWorkflowTracingEventListener { get; set; }

    /// <summary>Whether a run that meets a patch for the first time takes it; all do by default.</summary>
    public Func<PatchActivationInput, bool>? PatchActivationCallback { get; set; }

    /// <summary>Version of this worker.</summary>
    public WorkerDeploymentOptions? DeploymentOptions { get; set; }

    internal TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Raised on the workflow's thread before its code runs.</summary>
    public event EventHandler<WorkflowTaskStartingEventArgs>? WorkflowTaskStarting;

    /// <summary>Raised on the workflow's thread after its code ran.</summary>
    public event EventHandler<WorkflowTaskCompletedEventArgs>? WorkflowTaskCompleted;

    /// <summary>Adds an activity.</summary>
    public TemporalWorkerOptions AddActivity(Delegate del) => AddActivity(ActivityDefinition.Create(del));

    /// <summary>Adds an activity.</summary>
    public TemporalWorkerOptions AddActivity(ActivityDefinition definition)
    {
        Activities.Add(definition);
        return this;
    }

    /// <summary>Adds every activity of an object; of a type only static ones when there is no instance.</summary>
    /// <typeparam name="T">Type whose methods are taken.</typeparam>
    public TemporalWorkerOptions AddAllActivities<T>(T instance) => AddAllActivities(typeof(T), instance);

    /// <summary>Adds every activity of an object; of a type only static ones when there is no instance.</summary>
    public TemporalWorkerOptions AddAllActivities(Type type, object? instance)
    {
        foreach (var definition in ActivityDefinition.CreateAll(type, instance))
            Activities.Add(definition);
        return this;
    }

    /// <summary>Adds a workflow.</summary>
    /// <typeparam name="T">Type with the attribute.</typeparam>
    public TemporalWorkerOptions AddWorkflow<T>() => AddWorkflow(typeof(T));

    /// <summary>Adds a workflow.</summary>
    public TemporalWorkerOptions AddWorkflow(Type type) => AddWorkflow(WorkflowDefinition.Create(type));

    /// <summary>Adds a workflow.</summary>
    public TemporalWorkerOptions AddWorkflow(WorkflowDefinition definition)
    {
        Workflows.Add(definition);
        return this;
    }

    /// <inheritdoc />
    public virtual object Clone()
    {
        var copy = (TemporalWorkerOptions)MemberwiseClone();
        copy.Activities = [.. Activities];
        copy.Workflows = [.. Workflows];
        return copy;
    }

    internal void OnTaskStarting(object sender, WorkflowInfo info, WorkflowDefinition definition) =>
        WorkflowTaskStarting?.Invoke(sender, new(info, definition));

    internal void OnTaskCompleted(object sender, WorkflowInfo info, WorkflowDefinition definition, Exception? problem) =>
        WorkflowTaskCompleted?.Invoke(sender, new(info, definition, problem));
}
