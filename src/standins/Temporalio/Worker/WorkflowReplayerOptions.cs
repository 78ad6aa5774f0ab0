using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Converters;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>What a replayer runs.</summary>
public class WorkflowReplayerOptions : ICloneable
{
    /// <summary>Workflows that it runs.</summary>
    public IList<WorkflowDefinition> Workflows { get; private set; } = [];

    /// <summary>Namespace that workflows see.</summary>
    public string Namespace { get; set; } = "ReplayNamespace";

    /// <summary>Task queue that workflows see when their history has none.</summary>
    public string TaskQueue { get; set; } = "ReplayTaskQueue";

    /// <summary>Converter of values.</summary>
    public DataConverter DataConverter { get; set; } = DataConverter.Default;

    /// <summary>Interceptors, outermost first.</summary>
    public IReadOnlyCollection<IWorkerInterceptor>? Interceptors { get; set; }

    /// <summary>Who it says it is.</summary>
    public string? Identity { get; set; }

    /// <summary>Build id of the code.</summary>
    public string? BuildId { get; set; }

    /// <summary>Loggers.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>No deadlock detection; default while a debugger is attached or TEMPORAL_DEBUG is set.</summary>
    public bool DebugMode { get; set; } = DebugModes.Default;

    /// <summary>Exceptions that fail a workflow instead of its task.</summary>
    public IReadOnlyCollection<Type>? WorkflowFailureExceptionTypes { get; set; }

    /// <summary>Lets workflow code await tasks that are not part of it.</summary>
    public bool DisableWorkflowTracingEventListener { get; set; }

    /// <summary>Raised before workflow code runs.</summary>
    public event EventHandler<WorkflowTaskStartingEventArgs>? WorkflowTaskStarting;

    /// <summary>Raised after workflow code ran.</summary>
    public event EventHandler<WorkflowTaskCompletedEventArgs>? WorkflowTaskCompleted;

    /// <summary>Adds a workflow.</summary>
    /// <typeparam name="T">Type with the attribute.</typeparam>
    public WorkflowReplayerOptions AddWorkflow<T>() => AddWorkflow(typeof(T));

    /// <summary>Adds a workflow.</summary>
    public WorkflowReplayerOptions AddWorkflow(Type type) => AddWorkflow(WorkflowDefinition.Create(type));

    /// <summary>Adds a workflow.</summary>
    public WorkflowReplayerOptions AddWorkflow(WorkflowDefinition definition)
    {
        Workflows.Add(definition);
        return this;
    }

    /// <inheritdoc />
    public virtual object Clone()
    {
        var copy = (WorkflowReplayerOptions)MemberwiseClone();
        copy.Workflows = [.. Workflows];
        return copy;
    }

    internal void OnTaskStarting(object sender, WorkflowInfo info, WorkflowDefinition definition) =>
        WorkflowTaskStarting?.Invoke(sender, new(info, definition));

    internal void OnTaskCompleted(object sender, WorkflowInfo info, WorkflowDefinition definition, Exception? problem) =>
        WorkflowTaskCompleted?.Invoke(sender, new(info, definition, problem));
}
