using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>What happens when a run ends: the next run of the chain, the parent, the children, the callers that wait.</summary>
static class ClosingRules
{
    /// <summary>Who ends a run that breaks a limit.</summary>
    public const string Server = "history-service";

    /// <summary>Who ends a run that a reset replaces.</summary>
    public const string Resetter = "history-resetter";

    /// <summary>Writes the closing event and does all that follows from it.</summary>
    public static HistoryEvent Close(EngineTransaction tx, WorkflowRun run, HistoryEvent closing, NewRun? next = null)
    {
        var written = run.Add(tx, closing);
        run.Task = null;
        tx.State.Workflows.OnClosing(tx, run);
        if (next is not null && tx.State.Workflows.Create(tx, next) is { FirstTaskDue: null } successor)
            WorkflowTaskRules.Schedule(tx, successor);
        // After the command that closed it: what follows touches other runs.
        tx.Defer(() => AfterClose(tx, run, written, next));
        return written;
    }

    static void AfterClose(EngineTransaction tx, WorkflowRun run, HistoryEvent closing, NewRun? next)
    {
        run.Updates.OnClosed(tx, continues: next is not null);
        run.Queries.OnClosed(tx, run);
        // A run that is reset goes on in the new one, for its parent and for its children.
        var isReset = closing.WorkflowExecutionTerminatedEventAttributes?.Identity == Resetter;
        if (next is null && !isReset)
            ChildRules.NotifyParent(tx, run, closing);
        if (!(isReset && run.ResetRunId.Length > 0) && (next is null || run.Status != WorkflowExecutionStatus.ContinuedAsNew))
            ChildRules.ApplyParentClosePolicies(tx, run);
        tx.State.NotifyClosed(tx, new(
            run.Namespace.Id, run.WorkflowId, run.RunId, run.FirstRunId, run.Status, closing.EventTime.ToDateTime(), next?.RunId,
            closing.WorkflowExecutionCompletedEventAttributes?.Result,
            closing.WorkflowExecutionFailedEventAttributes?.Failure));
    }

    /// <summary>A started task cannot answer any more when its run is ended from outside.</summary>
    static void EndTask(EngineTransaction tx, WorkflowRun run)
    {
        if (run.Task is { IsStarted: true, IsSpeculative: false })
            WorkflowTaskRules.Fail(tx, run, WorkflowTaskFailedCause.ForceCloseCommand, null, "");
        run.Task = null;
        run.FlushBuffered(tx);
    }

    public static void Terminate(
        EngineTransaction tx, WorkflowRun run, string reason, Payloads? details, string identity, IEnumerable<Link>? links = null)
    {
        EndTask(tx, run);
        var closing = new HistoryEvent
        {
            WorkflowExecutionTerminatedEventAttributes = new() { Reason = reason, Details = details, Identity = identity },
        };
        closing.Links.AddRange(links ?? []);
        Close(tx, run, closing);
    }

    /// <summary>The run or the whole execution is out of time.</summary>
    public static void TimeOut(EngineTransaction tx, WorkflowRun run)
    {
        EndTask(tx, run);
        var failure = ActivityRules.TimeoutFailure("workflow timeout", TimeoutType.StartToClose);
        var executionOver = run.ExecutionExpiration <= tx.Now;
        var (state, wait) = executionOver ? (RetryState.Timeout, default) : Retry(run, failure, tx.Now);
        var next = state == RetryState.InProgress ? NewRun.Retry(tx, run, wait, failure) : executionOver ? null : NewRun.Cron(tx, run, null, failure);
        Close(tx, run, new()
        {
            WorkflowExecutionTimedOutEventAttributes = new() { RetryState = state, NewExecutionRunId = next?.RunId ?? "" },
        }, next);
    }

    public static (RetryState State, TimeSpan Wait) Retry(WorkflowRun run, Failure failure, DateTime now)
    {
        var policy = run.Started.RetryPolicy;
        return RetryRules.Next(policy, run.Started.Attempt, failure, now, run.ExecutionExpiration);
    }
}
