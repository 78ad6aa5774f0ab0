using Temporalio.Worker.Execution;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Signal handlers by name; adding one delivers what was kept for it.</summary>
    public static IDictionary<string, WorkflowSignalDefinition> Signals => Context.Handlers.Signals;

    /// <summary>Query handlers by name.</summary>
    public static IDictionary<string, WorkflowQueryDefinition> Queries => Context.Handlers.Queries;

    /// <summary>Update handlers by name.</summary>
    public static IDictionary<string, WorkflowUpdateDefinition> Updates => Context.Handlers.Updates;

    /// <summary>Handler of all other signals; setting it delivers every signal that was kept.</summary>
    public static WorkflowSignalDefinition? DynamicSignal
    {
        get => Context.Handlers.DynamicSignal;
        set => Context.Handlers.DynamicSignal = value;
    }

    /// <summary>Handler of all other queries.</summary>
    public static WorkflowQueryDefinition? DynamicQuery
    {
        get => Context.Handlers.DynamicQuery;
        set => Context.Handlers.DynamicQuery = value;
    }

    /// <summary>Handler of all other updates.</summary>
    public static WorkflowUpdateDefinition? DynamicUpdate
    {
        get => Context.Handlers.DynamicUpdate;
        set => Context.Handlers.DynamicUpdate = value;
    }

    /// <summary>Whether no signal or update handler is running. Waiting for it before the end loses no handler.</summary>
    public static bool AllHandlersFinished => Context.Handlers.AllFinished;

    /// <summary>The update whose handler this code belongs to.</summary>
    public static WorkflowUpdateInfo? CurrentUpdateInfo => WorkflowCalls.CurrentUpdate;
}
