using Google.Protobuf;
using Temporal.Engine.Stored;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>
/// The queries of one run. While a workflow task is on its way they go with it, so that the answer includes all that
/// happened before the question; otherwise each is a task of its own.
/// </summary>
sealed class QueryRegistry(WorkflowRun run)
{
    const int FailingAttempts = 3;

    /// <summary>How many queries may wait for the next task: none behind another.</summary>
    const int BufferedAtMost = 1;

    List<PendingQuery>? _buffered;

    // Those that lie in queues or with workers as tasks of their own.
    List<PendingQuery>? _direct;

    /// <summary>Whether an answer is still waited for.</summary>
    public bool HasAny => _buffered is { Count: > 0 } || _direct?.Exists(query => !query.IsOver) == true;

    /// <param name="latest">When its caller stops waiting.</param>
    public void Ask(EngineTransaction tx, PendingQuery query, DateTime latest)
    {
        if (run is { IsOpen: true, Task: null, FirstTaskDue: { } due } && due > latest)
            throw Refuse.With(RpcStatus.FailedPrecondition, "Workflow task is not scheduled yet.", new WorkflowNotReadyFailure());
        if (run.IsOpen && run.TaskAttempt >= FailingAttempts)
        {
            throw Refuse.With(
                RpcStatus.FailedPrecondition, "Unable to query workflow due to Workflow Task in failed state.", new WorkflowNotReadyFailure());
        }

        if (!run.IsOpen && run.LastCompletedTaskStartedEventId == 0)
        {
            throw Refuse.With(
                RpcStatus.FailedPrecondition, "Workflow execution closed before WorkflowTaskStarted event", new WorkflowNotReadyFailure());
        }

        if (run.IsOpen && (run.Task is not null || run.LastCompletedTaskStartedEventId == 0))
            Buffer(query);
        else
            Dispatch(tx, query, run.IsOpen);
    }

    void Buffer(PendingQuery query)
    {
        _buffered ??= [];
        _buffered.RemoveAll(known => known.IsOver);
        if (_buffered.Count >= BufferedAtMost)
        {
            throw Refuse.With(
                RpcStatus.ResourceExhausted,
                "consistent query buffer is full, this may be caused by too many queries and workflow not able to process query fast enough",
                new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.BusyWorkflow, Scope = ResourceExhaustedScope.Namespace });
        }

        _buffered.Add(query);
    }

    /// <summary>Puts a query into a queue as a task of its own.</summary>
    public void Dispatch(EngineTransaction tx, PendingQuery query, bool mayBeSticky)
    {
        query.IsDirect = true;
        _direct ??= [];
        _direct.RemoveAll(known => known.IsOver);
        _direct.Add(query);
        tx.State.Queries[query.Id] = query;
        var queues = tx.State.TaskQueues;
        var sticky = mayBeSticky && run.Sticky is { } attributes && queues.HasWorker(run.Namespace.Id, attributes.WorkerTaskQueue.Name, tx.Now);
        var name = sticky ? run.Sticky!.WorkerTaskQueue.Name : run.Started.TaskQueue.Name;
        queues.Get(run.Namespace.Id, name, TaskQueueType.Workflow).Add(tx, new QueuedQueryTask(run, query, sticky, tx.Now));
    }

    /// <summary>The queries that wait go with the task that was just started.</summary>
    public void AttachTo(PollWorkflowTaskQueueResponse answer)
    {
        foreach (var query in _buffered ?? [])
        {
            if (query.IsOver)
                continue;
            query.IsSent = true;
            answer.Queries[query.Id] = query.Query;
        }
    }

    public void OnTaskCompleted(EngineTransaction tx, WorkflowRun completed, RespondWorkflowTaskCompletedRequest request)
    {
        if (_buffered is null)
            return;
        _ = completed;
        foreach (var (id, result) in request.QueryResults)
        {
            var query = _buffered.Find(query => query.Id == id);
            if (query is null)
                continue;
            _buffered.Remove(query);
            tx.AfterCommit(() => query.Complete(result));
        }

        foreach (var query in _buffered)
            query.IsSent = false;
    }

    /// <summary>No task follows: what still waits is asked directly.</summary>
    public void OnIdle(EngineTransaction tx, WorkflowRun idle)
    {
        var waiting = _buffered;
        _buffered = null;
        foreach (var query in waiting ?? [])
        {
            if (!query.IsOver)
                Dispatch(tx, query, idle.IsOpen);
        }
    }

    public void OnTaskFailed(EngineTransaction tx, WorkflowRun failed)
    {
        _ = tx;
        foreach (var query in _buffered ?? [])
            query.IsSent = false;
        if (failed.TaskAttempt < FailingAttempts)
            return;
        var failure = Refuse.With(
            RpcStatus.FailedPrecondition, "Unable to query workflow due to Workflow Task in failed state.", new WorkflowNotReadyFailure());
        FailAll(failure);
    }

    public void OnClosed(EngineTransaction tx, WorkflowRun closed) => OnIdle(tx, closed);

    public void Forget(PendingQuery query) => _buffered?.Remove(query);

    public void FailAll(RpcFailure failure)
    {
        foreach (var query in _buffered ?? [])
            query.Fail(failure);
        _buffered = null;
    }
}

/// <summary>A query in a queue.</summary>
sealed class QueuedQueryTask(WorkflowRun asked, PendingQuery query, bool sticky, DateTime queuedAt)
    : QueuedTask(queuedAt, Priorities.Of(asked.Started.Priority))
{
    public override bool IsWanted => !query.IsOver && !query.IsSent;

    public override Func<IMessage> HandOut(EngineTransaction tx, Poller poller)
    {
        // Changes that were taken back since must not be shown.
        var run = tx.State.Workflows.Current(asked) ?? asked;
        query.IsSent = true;
        query.SentFor = (run.Namespace.Id, run.RunId);
        var answer = new PollWorkflowTaskQueueResponse
        {
            TaskToken = new TaskToken
            {
                NamespaceId = run.Namespace.Id,
                WorkflowId = run.WorkflowId,
                RunId = run.RunId,
                QueryId = query.Id,
                TaskQueue = poller.Queue.Name,
            }.ToByteString(),
            WorkflowExecution = run.Execution,
            WorkflowType = run.Started.WorkflowType,
            PreviousStartedEventId = run.LastCompletedTaskStartedEventId,
            WorkflowExecutionTaskQueue = new() { Name = run.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Attempt = 1,
            Query = query.Query,
        };
        if (!sticky)
            return WorkflowTaskAnswer.OfQuery(tx, run, partial: false, answer).Build;
        // The worker has the workflow in its cache, up to date.
        answer.History = new();
        return () => answer;
    }
}
