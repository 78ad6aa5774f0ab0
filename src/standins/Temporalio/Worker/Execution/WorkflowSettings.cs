using Microsoft.Extensions.Logging;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>What all runs of a worker or replayer share.</summary>
sealed record WorkflowSettings
{
    public required string Namespace { get; init; }

    public required string TaskQueue { get; init; }

    public required DataConverter DataConverter { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    public required IReadOnlyList<WorkflowDefinition> Definitions { get; init; }

    public IReadOnlyCollection<IWorkerInterceptor> Interceptors { get; init; } = [];

    public IReadOnlyCollection<Type> FailureExceptionTypes { get; init; } = [];

    public Func<PatchActivationInput, bool>? MayActivatePatch { get; init; }

    public bool RefusesForeignTasks { get; init; } = true;

    public WorkerDeploymentVersion? DeploymentVersion { get; init; }

    public VersioningBehavior DefaultVersioningBehavior { get; init; }

    public Action<WorkflowInfo, WorkflowDefinition>? OnTaskStarting { get; init; }

    public Action<WorkflowInfo, WorkflowDefinition, Exception?>? OnTaskCompleted { get; init; }

    /// <summary>The definition that serves a workflow type; null when none does.</summary>
    public WorkflowDefinition? Find(string workflowType)
    {
        WorkflowDefinition? dynamic = null;
        foreach (var definition in Definitions)
        {
            if (definition.Name == workflowType)
                return definition;
            if (definition.Dynamic)
                dynamic = definition;
        }

        return dynamic;
    }
}
