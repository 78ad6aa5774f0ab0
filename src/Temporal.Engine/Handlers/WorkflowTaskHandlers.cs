using Temporal.Engine.Stored;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Workflow tasks and queries: what workers poll and answer.</summary>
sealed class WorkflowTaskHandlers(EngineLoop loop, EngineState state)
{
    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.PollWorkflowTaskQueue, Poll);
        table.Add(WorkflowServiceMethods.RespondWorkflowTaskCompleted, Complete);
        table.Add(WorkflowServiceMethods.RespondWorkflowTaskFailed, Fail);
        table.Add(WorkflowServiceMethods.QueryWorkflow, Query);
        table.Add(WorkflowServiceMethods.RespondQueryTaskCompleted, CompleteQuery);
    }

    async ValueTask<PollWorkflowTaskQueueResponse> Poll(PollWorkflowTaskQueueRequest request, RpcServerCall call)
    {
        var answer = await Polling.Poll(loop, state, request.Namespace, request.TaskQueue, TaskQueueType.Workflow, request.Identity, request.WorkerInstanceKey, call);
        return (PollWorkflowTaskQueueResponse?)answer ?? new();
    }

    async ValueTask<RespondWorkflowTaskCompletedResponse> Complete(RespondWorkflowTaskCompletedRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        var token = Tokens.ReadTask(ns, request.TaskToken);
        try
        {
            var build = await loop.RunAsync(tx =>
            {
                var run = Find(tx, ns, token);
                // Find has checked that it is there.
                return new WorkflowTaskCompletion(tx, run, run.Task!, request).Apply();
            });
            return build();
        }
        catch (WorkflowTaskRefused refused)
        {
            // What the answer had changed is taken back; its failure is a change of its own.
            await loop.RunAsync(tx => Refused(tx, ns, token, request, refused));
            throw Refuse.Invalid(refused.FullMessage);
        }
        catch (HistoryLimitReached limit)
        {
            await loop.RunAsync(tx => ClosingRules.Terminate(tx, Find(tx, ns, token), limit.Message, null, ClosingRules.Server));
            throw Refuse.Invalid(limit.Message);
        }
    }

    static WorkflowRun Find(EngineTransaction tx, NamespaceEntry ns, TaskToken token)
    {
        var run = tx.State.Workflows.FindOpen(ns.Id, token.WorkflowId);
        if (run is null || run.RunId != token.RunId || run.Task is not { IsStarted: true } task ||
            task.ScheduledEventId != token.ScheduledEventId || task.StartedEventId != token.StartedEventId || task.Attempt != token.Attempt ||
            (token.StartedTime is { } started && started.ToDateTime() != task.StartedTime))
            throw Refuse.NotFound("Workflow task not found.");
        return run;
    }

    static void Refused(
        EngineTransaction tx, NamespaceEntry ns, TaskToken token, RespondWorkflowTaskCompletedRequest request, WorkflowTaskRefused refused)
    {
        var run = Find(tx, ns, token);
        // A task that keeps breaking the rule is dropped: it times out and comes back later each time.
        if (run.Task!.Attempt > 1 && refused.Cause != WorkflowTaskFailedCause.UnhandledCommand)
            return;
        WorkflowTaskRules.Fail(tx, run, refused.Cause, new()
        {
            Message = refused.FullMessage,
            ServerFailureInfo = new(),
        }, request.Identity);
        run.Updates.OnTaskRefused();
        if (refused.Terminates)
            ClosingRules.Terminate(tx, run, refused.FullMessage, null, ClosingRules.Server);
        else
            WorkflowTaskRules.Schedule(tx, run);
    }

    async ValueTask<RespondWorkflowTaskFailedResponse> Fail(RespondWorkflowTaskFailedRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        var token = Tokens.ReadTask(ns, request.TaskToken);
        await loop.RunAsync(tx =>
        {
            var run = Find(tx, ns, token);
            WorkflowTaskRules.Fail(tx, run, request.Cause, request.Failure, request.Identity);
            run.Updates.OnTaskTimedOut();
            run.Queries.OnTaskFailed(tx, run);
            WorkflowTaskRules.Schedule(tx, run);
        });
        return new();
    }

    async ValueTask<QueryWorkflowResponse> Query(QueryWorkflowRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.Execution);
        if (request.Query is null)
            throw Refuse.Invalid("WorkflowQuery is not set on request.");
        if (request.Query.QueryType.Length == 0)
            throw Refuse.Invalid("QueryType is not set on request.");
        var query = new PendingQuery(request.Query);
        var run = await state.Workflows.ViewAsync(loop, ns, request.Execution.WorkflowId, request.Execution.RunId);
        var rejected = await loop.RunAsync(tx =>
        {
            run = tx.State.Workflows.Current(run) ?? throw WorkflowDirectory.Missing(run.WorkflowId, run.RunId);
            if (IsRejected(run.Status, request.QueryRejectCondition))
                return true;
            run.Queries.Ask(tx, query, Waits.LatestOf(call, tx.Now));
            return false;
        });
        if (rejected)
            return new() { QueryRejected = new() { Status = run.Status } };
        var result = await WaitFor(run, query, call);
        return result.ResultType == QueryResultType.Failed
            ? throw PendingQuery.FailureOf(result)
            : new() { QueryResult = result.Answer };
    }

    static bool IsRejected(WorkflowExecutionStatus status, QueryRejectCondition condition) => condition switch
    {
        QueryRejectCondition.NotOpen => status != WorkflowExecutionStatus.Running,
        QueryRejectCondition.NotCompletedCleanly => status is not (WorkflowExecutionStatus.Running or WorkflowExecutionStatus.Completed),
        _ => false,
    };

    async Task<WorkflowQueryResult> WaitFor(WorkflowRun run, PendingQuery query, RpcServerCall call)
    {
        try
        {
            var stickyWait = run.Sticky is { } sticky ? Durations.Of(sticky.ScheduleToStartTimeout) : TimeSpan.Zero;
            if (stickyWait > TimeSpan.Zero && !await Waits.For(query.Answer, stickyWait, state.Time, call.Cancelled))
                await loop.RunAsync(tx => GiveUpSticky(tx, run, query));
            var left = Waits.ForLongPoll(call, state.Time);
            if (!await Waits.For(query.Answer, left, state.Time, call.Cancelled))
                throw new RpcFailure(RpcStatus.DeadlineExceeded, "query timed out before a worker could process it");
            return await query.Answer;
        }
        finally
        {
            query.Fail(new(RpcStatus.Cancelled, "The caller stopped waiting."));
            await loop.RunAsync(tx =>
            {
                tx.State.Queries.Remove(query.Id);
                run.Queries.Forget(query);
            });
        }
    }

    /// <summary>The worker with the workflow in its cache does not come: any worker may answer.</summary>
    static void GiveUpSticky(EngineTransaction tx, WorkflowRun run, PendingQuery query)
    {
        if (query is not { IsDirect: true, IsOver: false, IsSent: false })
            return;
        tx.State.Workflows.Current(run)?.Queries.Dispatch(tx, query, mayBeSticky: false);
    }

    async ValueTask<RespondQueryTaskCompletedResponse> CompleteQuery(RespondQueryTaskCompletedRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        var token = Tokens.ReadTask(ns, request.TaskToken);
        var known = await loop.RunAsync(tx =>
            tx.State.Queries.TryGetValue(token.QueryId, out var query) && query.SentFor == (token.NamespaceId, token.RunId)
            && tx.State.Queries.Remove(token.QueryId) ? query : null);
        if (known is null)
            throw Refuse.NotFound("query task not found, or already expired");
        known.Complete(new()
        {
            ResultType = request.CompletedType,
            Answer = request.QueryResult,
            ErrorMessage = request.ErrorMessage,
            Failure = request.Failure,
        });
        return new();
    }
}
