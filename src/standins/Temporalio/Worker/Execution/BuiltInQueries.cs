using Temporalio.Api.Sdk.V1;

namespace Temporalio.Worker.Execution;

/// <summary>Queries that every workflow answers, for user interfaces.</summary>
static class BuiltInQueries
{
    const string Metadata = "__temporal_workflow_metadata";
    const string StackTrace = "__stack_trace";

    public static bool TryAnswer(WorkflowInstance workflow, string name, out object? answer)
    {
        switch (name)
        {
            case Metadata:
                answer = MetadataOf(workflow);
                return true;
            case StackTrace:
                throw new InvalidOperationException("Workflow stack traces are not available on this worker");
            default:
                answer = null;
                return false;
        }
    }

    static WorkflowMetadata MetadataOf(WorkflowInstance workflow)
    {
        var definition = new WorkflowDefinition { Type = workflow.Info.WorkflowType };
        definition.SignalDefinitions.AddRange(
            workflow.Handlers.Signals.Values.Append(workflow.Handlers.DynamicSignal)
                .OfType<Workflows.WorkflowSignalDefinition>()
                .Select(signal => Of(signal.Name, signal.Description)));
        definition.QueryDefinitions.AddRange(
            workflow.Handlers.Queries.Values.Append(workflow.Handlers.DynamicQuery)
                .OfType<Workflows.WorkflowQueryDefinition>()
                .Select(query => Of(query.Name, query.Description)));
        definition.UpdateDefinitions.AddRange(
            workflow.Handlers.Updates.Values.Append(workflow.Handlers.DynamicUpdate)
                .OfType<Workflows.WorkflowUpdateDefinition>()
                .Select(update => Of(update.Name, update.Description)));
        return new() { Definition = definition, CurrentDetails = workflow.CurrentDetails };
    }

    static WorkflowInteractionDefinition Of(string? name, string? description) =>
        new() { Name = name ?? string.Empty, Description = description ?? string.Empty };
}
