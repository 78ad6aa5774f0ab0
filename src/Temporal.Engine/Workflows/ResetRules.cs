using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>
/// Reset: a new run with the history of the old one up to a workflow task, which then fails; what came from outside
/// since is applied again (ResetRules.Reapply.cs). The run that is open now is terminated.
/// </summary>
static partial class ResetRules
{
    public static ResetWorkflowExecutionResponse Reset(EngineTransaction tx, NamespaceEntry ns, ResetWorkflowExecutionRequest request)
    {
        var workflows = tx.State.Workflows;
        var (workflowId, finishId) = (request.WorkflowExecution.WorkflowId, request.WorkflowTaskFinishEventId);
        var old = workflows.Get(ns, workflowId, request.WorkflowExecution.RunId);
        if (finishId <= 1 || finishId >= old.NextEventId)
            throw Refuse.Invalid("Workflow task finish ID must be > 1 && <= workflow last event ID.");
        var kept = tx.State.Store.ReadHistory(old.Key, 1, finishId + 1).ToList();
        kept.AddRange(old.TailFrom(kept.Count + 1)?.Where(one => one.EventId <= finishId) ?? []);
        var finish = kept[^1];
        kept.RemoveAt(kept.Count - 1);
        CheckPoint(kept, finish);
        var open = workflows.FindOpen(ns.Id, workflowId);
        if (open is not null)
            ClosingRules.Terminate(tx, open, request.Reason, null, ClosingRules.Resetter);
        var later = LaterEvents(tx, old, finishId, open);
        var run = workflows.Restore(tx, old, kept);
        tx.Defer(() => FailTask(tx, old, run, request, later));
        old.ResetRunId = run.RunId;
        old.TouchSide(tx);
        return new() { RunId = run.RunId };
    }

    /// <summary>A run can be set back to where a workflow task was due and not answered, between two transactions.</summary>
    static void CheckPoint(List<HistoryEvent> kept, HistoryEvent finish)
    {
        var last = kept[^1];
        if (last.EventType is EventType.WorkflowTaskScheduled or EventType.WorkflowTaskStarted)
            return;
        if (IsWithinTransaction(kept[0], last, finish))
        {
            throw Refuse.Invalid(
                $"StateRebuilder unable to Rebuild mutable state to event ID: {last.EventId}, version: 0, this event must be at the boundary");
        }

        if (kept.FindLast(EventTypes.IsOfWorkflowTask)?.EventType != EventType.WorkflowTaskScheduled)
        {
            throw Refuse.Invalid(
                $"Can only reset workflow to event ID in range [WorkflowTaskScheduled +1, WorkflowTaskStarted + 1]: {finish.EventId}");
        }
    }

    /// <summary>Commands are written with the task that gave them, the start of an activity with its end, a task with what it is due for.</summary>
    static bool IsWithinTransaction(HistoryEvent first, HistoryEvent last, HistoryEvent next) =>
        last.EventType == EventType.ActivityTaskStarted
        || EventTypes.IsOfCommand(next)
        || (next.EventType == EventType.WorkflowTaskScheduled
            && Durations.Of(first.WorkflowExecutionStartedEventAttributes.FirstWorkflowTaskBackoff) == TimeSpan.Zero);

    /// <summary>What happened since: in the run that is reset, and in those that it has continued as.</summary>
    static Later LaterEvents(EngineTransaction tx, WorkflowRun old, long finishId, WorkflowRun? open)
    {
        var later = EventsFrom(tx, old, finishId);
        var own = later.Count;
        while (later.Count > 0 && later[^1].WorkflowExecutionContinuedAsNewEventAttributes is { } continued)
        {
            if (continued.NewExecutionRunId == open?.RunId)
                later.AddRange(EventsFrom(tx, open, 1));
            else if (tx.State.Workflows.FindStored(old.Namespace.Id, old.WorkflowId, continued.NewExecutionRunId) is { } next)
                later.AddRange(tx.State.Store.ReadHistory(next.Key, 1, next.NextEventId));
            else
                break;
        }

        return new(later, own);
    }

    /// <summary>With those that this batch has added.</summary>
    static List<HistoryEvent> EventsFrom(EngineTransaction tx, WorkflowRun run, long eventId)
    {
        var events = tx.State.Store.ReadHistory(run.Key, eventId, run.NextEventId).ToList();
        var next = events.Count > 0 ? events[^1].EventId + 1 : eventId;
        events.AddRange(run.TailFrom(next) ?? []);
        return events;
    }

    static void FailTask(EngineTransaction tx, WorkflowRun old, WorkflowRun run, ResetWorkflowExecutionRequest request, Later later)
    {
        // The copied history ends with this task.
        var task = run.Task!;
        if (!task.IsStarted)
            WorkflowTaskRules.Start(tx, run, ClosingRules.Server, Guid.NewGuid().ToString());
        var failure = new Temporalio.Api.Failure.V1.Failure { Message = request.Reason, ResetWorkflowFailureInfo = new() };
        WorkflowTaskRules.Fail(tx, run, WorkflowTaskFailedCause.ResetWorkflow, failure, ClosingRules.Server, failed =>
        {
            failed.BaseRunId = old.RunId;
            failed.NewRunId = run.RunId;
        });
        run.TaskAttempt = 1;
        Reapply(tx, run, later, ExcludedBy(request));
        TakeChildrenAlong(tx, run);
        foreach (var operation in request.PostResetOperations.Where(operation => operation.SignalWorkflow is not null))
        {
            run.Add(tx, new()
            {
                WorkflowExecutionSignaledEventAttributes = new()
                {
                    SignalName = operation.SignalWorkflow.SignalName,
                    Input = operation.SignalWorkflow.Input,
                    Header = operation.SignalWorkflow.Header,
                    Identity = request.Identity,
                },
            });
        }

        WorkflowTaskRules.Schedule(tx, run);
    }
}
