using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>What must hold between the runs of one workflow, and between parents and children, after each commit.</summary>
static class FamilyRules
{
    public static void Check(MemoryStore store, StoreBatch batch)
    {
        foreach (var run in batch.Runs)
        {
            var all = store.RunsOf(run.NamespaceId, run.WorkflowId).ToList();
            Rule.Holds(all.Count(one => one.IsOpen) <= 1, $"{run.WorkflowId} is open twice");
            // A parent that is set back may start a child again under its old id.
            if (!run.WorkflowId.Contains('/', StringComparison.Ordinal))
                Rule.Holds(all.All(one => one.FirstRunId == run.FirstRunId), $"{run.WorkflowId} was started a second time");
            if (!run.IsOpen)
                CheckChildren(store, run);
        }
    }

    static void CheckChildren(MemoryStore store, StoredRun parent)
    {
        var history = store.History(parent.Key);
        // A reset takes the children along, and so does the next run of a chain.
        if (history[^1].EventType is EventType.WorkflowExecutionContinuedAsNew || history[^1].WorkflowExecutionTerminatedEventAttributes?.Identity == "history-resetter")
            return;
        foreach (var initiated in history.Select(one => one.StartChildWorkflowExecutionInitiatedEventAttributes).OfType<StartChildWorkflowExecutionInitiatedEventAttributes>())
        {
            var started = history.FirstOrDefault(one => one.ChildWorkflowExecutionStartedEventAttributes?.WorkflowExecution.WorkflowId == initiated.WorkflowId);
            var child = store.RunsOf(parent.NamespaceId, initiated.WorkflowId).LastOrDefault(run =>
                run.FirstRunId == started?.ChildWorkflowExecutionStartedEventAttributes.WorkflowExecution.RunId);
            if (child is not { IsOpen: true })
                continue;
            Rule.Holds(initiated.ParentClosePolicy != ParentClosePolicy.Terminate, $"{child.WorkflowId} outlives its parent, which should have terminated it");
            Rule.Holds(
                initiated.ParentClosePolicy != ParentClosePolicy.RequestCancel || IsAskedToCancel(store, child),
                $"{child.WorkflowId} does not hear of its parent's end");
        }
    }

    static bool IsAskedToCancel(MemoryStore store, StoredRun run) =>
        store.HistoryWithWaiting(run).Any(one => one.EventType == EventType.WorkflowExecutionCancelRequested);
}
