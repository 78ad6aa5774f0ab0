using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>
/// Reset: a new run with the history of the old one up to a workflow task, which then fails; what came from outside
/// since is applied again. The run that is open now is terminated.
/// </summary>
static class ResetRules
{
    public static ResetWorkflowExecutionResponse Reset(EngineTransaction tx, NamespaceEntry ns, ResetWorkflowExecutionRequest request)
    {
        var workflows = tx.State.Workflows;
        var (workflowId, finishId) = (request.WorkflowExecution.WorkflowId, request.WorkflowTaskFinishEventId);
        var old = workflows.Get(ns, workflowId, request.WorkflowExecution.RunId);
        if (finishId <= 1 || finishId >= old.NextEventId)
            throw Refuse.Invalid("Workflow task finish ID must be > 1 && <= workflow last event ID.");
        var kept = tx.State.Store.ReadHistory(old.Key, 1, finishId).ToList();
        kept.AddRange(old.TailFrom(kept.Count + 1)?.Where(one => one.EventId < finishId) ?? []);
        if (kept[^1].EventType is not (EventType.WorkflowTaskScheduled or EventType.WorkflowTaskStarted))
        {
            throw Refuse.Invalid(
                $"StateRebuilder unable to Rebuild mutable state to event ID: {finishId - 1}, version: 0, this event must be at the boundary");
        }

        if (workflows.FindOpen(ns.Id, workflowId) is { } open)
            ClosingRules.Terminate(tx, open, request.Reason, null, "history-resetter");
        var later = LaterEvents(tx, old, finishId);
        var run = workflows.Restore(tx, old, kept);
        tx.Defer(() => FailTask(tx, old, run, request, later));
        old.ResetRunId = run.RunId;
        old.TouchSide(tx);
        return new() { RunId = run.RunId };
    }

    static List<HistoryEvent> LaterEvents(EngineTransaction tx, WorkflowRun old, long finishId)
    {
        var later = tx.State.Store.ReadHistory(old.Key, finishId, old.NextEventId).ToList();
        var next = later.Count > 0 ? later[^1].EventId + 1 : finishId;
        later.AddRange(old.TailFrom(next) ?? []);
        return later;
    }

    static void FailTask(EngineTransaction tx, WorkflowRun old, WorkflowRun run, ResetWorkflowExecutionRequest request, List<HistoryEvent> later)
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

    static HashSet<ResetReapplyExcludeType> ExcludedBy(ResetWorkflowExecutionRequest request)
    {
        var excluded = request.ResetReapplyExcludeTypes.ToHashSet();
#pragma warning disable CS0612 // The deprecated way to say it is still sent.
        if (request.ResetReapplyType == ResetReapplyType.None)
            excluded.UnionWith([ResetReapplyExcludeType.Signal, ResetReapplyExcludeType.Update]);
        else if (request.ResetReapplyType == ResetReapplyType.Signal)
            excluded.Add(ResetReapplyExcludeType.Update);
#pragma warning restore CS0612
        return excluded;
    }

    /// <summary>Signals and updates that the old run took after the point of the reset.</summary>
    static void Reapply(EngineTransaction tx, WorkflowRun run, List<HistoryEvent> later, HashSet<ResetReapplyExcludeType> excluded)
    {
        foreach (var one in later)
        {
            if (one.EventType == EventType.WorkflowExecutionSignaled && !excluded.Contains(ResetReapplyExcludeType.Signal))
            {
                var again = new HistoryEvent { WorkflowExecutionSignaledEventAttributes = one.WorkflowExecutionSignaledEventAttributes.Clone() };
                again.Links.AddRange(one.Links);
                run.Add(tx, again);
            }
            else if (one.EventType == EventType.WorkflowExecutionUpdateAccepted && !excluded.Contains(ResetReapplyExcludeType.Update))
            {
                var accepted = one.WorkflowExecutionUpdateAcceptedEventAttributes;
                if (accepted.AcceptedRequest is not null && !run.UpdateEvents.ContainsKey(accepted.ProtocolInstanceId))
                    run.Add(tx, new() { WorkflowExecutionUpdateAdmittedEventAttributes = new() { Request = accepted.AcceptedRequest, Origin = UpdateAdmittedEventOrigin.Reapply } });
            }
        }
    }
}
