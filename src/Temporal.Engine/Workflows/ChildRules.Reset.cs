using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>Children whose parent was reset: the new run has those that were begun before the point of the reset.</summary>
static partial class ChildRules
{
    /// <summary>An event of the old run about such a child, for the new run; null when it is about something else.</summary>
    public static HistoryEvent? AgainFor(WorkflowRun parent, HistoryEvent one)
    {
        if (InitiatedBy(one) is not { } initiated || !parent.Children.TryGetValue(initiated, out var child))
            return null;
        var again = one.Clone();
        if (again.ChildWorkflowExecutionStartedEventAttributes is not null)
            return child.IsStarted ? null : again;
        // The start keeps its id where it was copied; where it is applied again, it gets one together with this event.
        SetStarted(again, child.StartedEventId);
        return again;
    }

    /// <summary>The end of a child, for a parent that no run stood for when it came; null while it goes on.</summary>
    public static HistoryEvent? MissedEndOf(EngineTransaction tx, WorkflowRun parent, PendingChild child)
    {
        var ns = tx.State.Namespaces.Find(child.Initiated.Namespace) ?? parent.Namespace;
        var latest = tx.State.Workflows.FindLatest(ns.Id, child.Initiated.WorkflowId);
        if (latest is null || latest.IsOpen || latest.FirstRunId != child.RunId)
            return null;
        var run = tx.State.Workflows.Get(ns, latest.WorkflowId, latest.RunId);
        return run.CloseEvent is { } closing ? ChildEnd.Of(run, child, closing) : null;
    }

    static long? InitiatedBy(HistoryEvent one) =>
        one.StartChildWorkflowExecutionFailedEventAttributes?.InitiatedEventId
        ?? one.ChildWorkflowExecutionStartedEventAttributes?.InitiatedEventId
        ?? one.ChildWorkflowExecutionCompletedEventAttributes?.InitiatedEventId
        ?? one.ChildWorkflowExecutionFailedEventAttributes?.InitiatedEventId
        ?? one.ChildWorkflowExecutionCanceledEventAttributes?.InitiatedEventId
        ?? one.ChildWorkflowExecutionTimedOutEventAttributes?.InitiatedEventId
        ?? one.ChildWorkflowExecutionTerminatedEventAttributes?.InitiatedEventId;

    static void SetStarted(HistoryEvent one, long startedEventId)
    {
        if (one.ChildWorkflowExecutionCompletedEventAttributes is { } completed)
            completed.StartedEventId = startedEventId;
        if (one.ChildWorkflowExecutionFailedEventAttributes is { } failed)
            failed.StartedEventId = startedEventId;
        if (one.ChildWorkflowExecutionCanceledEventAttributes is { } canceled)
            canceled.StartedEventId = startedEventId;
        if (one.ChildWorkflowExecutionTimedOutEventAttributes is { } timedOut)
            timedOut.StartedEventId = startedEventId;
        if (one.ChildWorkflowExecutionTerminatedEventAttributes is { } terminated)
            terminated.StartedEventId = startedEventId;
    }
}
