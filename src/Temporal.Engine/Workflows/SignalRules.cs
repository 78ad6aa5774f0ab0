using Temporalio.Api.Common.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>Signals and cancel requests that reach an open run.</summary>
static class SignalRules
{
    public static void Signal(
        EngineTransaction tx, WorkflowRun run, WorkflowExecutionSignaledEventAttributes signal, string requestId, IEnumerable<Link> links)
    {
        if (run.SignalCount >= HistoryLimits.Signals)
            throw Refuse.Invalid("exceeded workflow execution limit for signal events");
        if (run.IsAboutToClose)
            throw Refuse.Closing();
        if (requestId.Length > 0 && !run.TakeRequestId(tx, requestId))
            return;
        signal.RequestId = requestId;
        var signaled = new HistoryEvent { WorkflowExecutionSignaledEventAttributes = signal };
        signaled.Links.AddRange(links);
        run.Add(tx, signaled);
        WorkflowTaskRules.Wake(tx, run);
    }

    public static void RequestCancel(
        EngineTransaction tx, WorkflowRun run, string cause, string identity, string requestId,
        WorkflowExecution? external, long externalInitiatedEventId, IEnumerable<Link> links)
    {
        // One request is enough, whoever makes the next one.
        if (run.CancelRequested)
            return;
        if (requestId.Length > 0 && !run.TakeRequestId(tx, requestId))
            return;
        var requested = new HistoryEvent
        {
            WorkflowExecutionCancelRequestedEventAttributes = new()
            {
                Cause = cause,
                Identity = identity,
                ExternalWorkflowExecution = external,
                ExternalInitiatedEventId = externalInitiatedEventId,
            },
        };
        requested.Links.AddRange(links);
        run.Add(tx, requested);
        if (run.FirstTaskDue is not null)
        {
            // A run that has not begun yet must see the request now, not at the end of its delay.
            run.FirstTaskDue = null;
            run.FlushBuffered(tx);
            WorkflowTaskRules.Schedule(tx, run);
            return;
        }

        WorkflowTaskRules.Wake(tx, run);
    }
}
