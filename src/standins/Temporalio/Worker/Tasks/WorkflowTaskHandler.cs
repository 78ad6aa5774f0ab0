using Microsoft.Extensions.Logging;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Execution;
using Temporalio.Worker.History;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// Takes one workflow task to its reply: gets the run from memory or history, runs its code, answers its queries, reports. A task
/// that fails is reported once; the server then repeats it, and later attempts are left to time out so that broken code does not
/// fill the history.
/// </summary>
sealed class WorkflowTaskHandler(
    WorkflowSettings settings,
    WorkflowCache cache,
    HistoryReader history,
    ActivationWatchdog watchdog,
    LocalActivityRunner localActivities,
    TaskReporter reporter,
    ILogger logger)
{
    /// <summary>
    /// Handles a task and those that its replies bring. The run stays in hand in between, also without a cache: a local activity that
    /// takes longer than a task goes on into the next.
    /// </summary>
    public async Task HandleAsync(PollWorkflowTaskQueueResponse task, CancellationToken abort)
    {
        using var lease = await cache.LeaseAsync(task.WorkflowExecution.RunId, abort);
        for (PollWorkflowTaskQueueResponse? next = task; next is { TaskToken.Length: > 0 };)
            next = await HandleOneAsync(next, lease, abort);
    }

    async Task<PollWorkflowTaskQueueResponse?> HandleOneAsync(
        PollWorkflowTaskQueueResponse task, WorkflowCache.Lease lease, CancellationToken abort)
    {
        try
        {
            if (lease.Stuck is not null)
                throw new InvalidWorkflowOperationException("[TMPRL1101] Code of this run is still stuck in an earlier task.");

            var run = await CatchUpAsync(task, lease, abort);
            if (task.Query is not null)
            {
                WorkflowQueryResult? answer = null;
                await watchdog.RunAsync(() => answer = run.Instance.Answer("legacy_query", task.Query), stuck => lease.Stuck = stuck);
                await reporter.AnswerAsync(task, answer!, abort);
                return null;
            }

            return await CompleteAsync(task, lease, run, abort);
        }
        catch (Exception) when (abort.IsCancellationRequested)
        {
            // The worker ends; the server gives the task to another after its timeout.
            return null;
        }
        catch (Exception problem)
        {
            lease.Evict();
            await FailAsync(task, problem, abort);
            return null;
        }
    }

    // After this the run has seen every event of the task, and its code has run as far as it goes without local activities.
    async Task<WorkflowRun> CatchUpAsync(PollWorkflowTaskQueueResponse task, WorkflowCache.Lease lease, CancellationToken abort)
    {
        var run = lease.Run;
        if (run is not null && !Follows(task, run))
        {
            lease.Evict();
            run = null;
        }

        var events = await history.ReadAsync(task, run?.LastEventId ?? 0, abort);
        var isNew = run is null;
        run ??= new(settings, task.WorkflowExecution);
        await watchdog.RunAsync(
            () =>
            {
                run.Advance(events, task.StartedEventId, task.Messages);
                if (task.StartedEventId == 0 || task.Query is not null)
                    run.FinishReplay(events);
            },
            stuck => lease.Stuck = stuck);
        if (!run.IsStarted)
            throw new InvalidOperationException($"The history of workflow '{task.WorkflowExecution.WorkflowId}' is empty.");
        if (isNew)
            lease.Keep(run);
        return run;
    }

    // Another worker may have had the run in between, or the server dropped the last task that this one ran. Then the run in memory
    // is not what history says, unless the task brings everything that is missing.
    static bool Follows(PollWorkflowTaskQueueResponse task, WorkflowRun run) =>
        run.LastStartedEventId == task.PreviousStartedEventId
        || (run.LastStartedEventId < task.PreviousStartedEventId
            && task.History is { Events: [var first, ..] }
            && first.EventId <= run.LastEventId + 1);

    async Task<PollWorkflowTaskQueueResponse?> CompleteAsync(
        PollWorkflowTaskQueueResponse task, WorkflowCache.Lease lease, WorkflowRun run, CancellationToken abort)
    {
        var mustHeartbeat = await localActivities.RunAsync(run, task, watchdog, stuck => lease.Stuck = stuck, abort);
        var queries = new Dictionary<string, WorkflowQueryResult>(StringComparer.Ordinal);
        if (task.Queries.Count > 0)
        {
            await watchdog.RunAsync(
                () =>
                {
                    foreach (var (id, query) in task.Queries)
                        queries.Add(id, run.Instance.Answer(id, query));
                },
                stuck => lease.Stuck = stuck);
        }

        var isEnd = run.Instance.Commands.HasEnding;
        var reply = await reporter.CompleteAsync(task, run, queries, mustHeartbeat, abort);
        if (reply is null || isEnd)
            lease.Evict();
        else if (reply.ResetHistoryEventId > 0)
            run.ForgetCurrentTask(reply.ResetHistoryEventId);
        return reply?.WorkflowTask;
    }

    async Task FailAsync(PollWorkflowTaskQueueResponse task, Exception problem, CancellationToken abort)
    {
        if (task.Query is not null)
        {
            logger.LogWarning(problem, "Query of workflow {WorkflowId} could not be answered", task.WorkflowExecution.WorkflowId);
            await reporter.AnswerAsync(task, reporter.Unanswered(problem), abort);
            return;
        }

        if (problem is WorkflowNondeterminismException && FailsWorkflow(task, problem))
        {
            await reporter.FailWorkflowAsync(task, problem, abort);
            return;
        }

        logger.LogWarning(
            problem,
            "Workflow task of {WorkflowType} ({WorkflowId}, run {RunId}) failed on attempt {Attempt}",
            task.WorkflowType.Name,
            task.WorkflowExecution.WorkflowId,
            task.WorkflowExecution.RunId,
            task.Attempt);
        if (task.Attempt <= 1)
            await reporter.FailAsync(task, problem, abort);
    }

    bool FailsWorkflow(PollWorkflowTaskQueueResponse task, Exception problem) =>
        settings.FailureExceptionTypes.Concat(settings.Find(task.WorkflowType.Name)?.FailureExceptionTypes ?? [])
            .Any(type => type.IsInstanceOfType(problem));
}
