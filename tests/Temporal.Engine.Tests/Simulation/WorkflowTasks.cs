using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>One life of a worker, as far as workflows go: obeys <see cref="WorkflowPlan"/>, answers updates and queries, keeps a cache.</summary>
/// <param name="simulation">Where it lives.</param>
/// <param name="name">Of the worker.</param>
/// <param name="stickyQueue">Null for a worker without a cache.</param>
sealed class WorkflowTasks(Simulation simulation, string name, string? stickyQueue)
{
    readonly Dictionary<string, WorkflowState> _cache = [];
    bool _isDead;

    public void Die() => _isDead = true;

    public void Take(PollWorkflowTaskQueueResponse task)
    {
        if (_isDead || task.TaskToken.Length == 0 || simulation.Faults.Forgets())
            return;
        if (task.Query is not null)
            AnswerQuery(task);
        else if (Complete(task) is not { } events)
            Fail(task, WorkflowTaskFailedCause.ResetStickyTaskQueue);
        else if (simulation.Faults.TaskFails())
            Fail(task, WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure);
        else
            Answer(task, new(events));
    }

    void Fail(PollWorkflowTaskQueueResponse task, WorkflowTaskFailedCause cause)
    {
        _cache.Remove(task.WorkflowExecution.RunId);
        simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.RespondWorkflowTaskFailed,
            new() { Namespace = "default", TaskToken = task.TaskToken, Cause = cause, Failure = new() { Message = "not now" } },
            (_, _) => { });
    }

    void Answer(PollWorkflowTaskQueueResponse task, WorkflowState state)
    {
        var completed = new RespondWorkflowTaskCompletedRequest { Namespace = "default", Identity = name, TaskToken = task.TaskToken };
        UpdateHandling.Answer(state, task.Messages, completed);
        completed.Commands.AddRange(WorkflowPlan.Next(state));
        foreach (var id in task.Queries.Keys)
            completed.QueryResults[id] = new() { ResultType = QueryResultType.Answered, Answer = AnswerOf(state) };
        if (stickyQueue is not null)
        {
            _cache[task.WorkflowExecution.RunId] = state;
            completed.ReturnNewWorkflowTask = true;
            completed.StickyAttributes = new()
            {
                WorkerTaskQueue = new() { Name = stickyQueue, Kind = TaskQueueKind.Sticky, NormalName = WorkflowPlan.Queue },
                ScheduleToStartTimeout = new() { Seconds = 3 },
            };
        }

        simulation.Network.CallUntilAnswered(WorkflowServiceMethods.RespondWorkflowTaskCompleted, completed, (answer, _) =>
        {
            if (answer is null)
                return;
            simulation.Ledger.OnTaskCompleted(task.WorkflowExecution, completed.Commands);
            if (answer.WorkflowTask is { } next)
                Take(next);
        });
    }

    void AnswerQuery(PollWorkflowTaskQueueResponse task)
    {
        var state = task.History.Events.Count > 0 ? new([.. task.History.Events]) : _cache.GetValueOrDefault(task.WorkflowExecution.RunId);
        simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.RespondQueryTaskCompleted,
            new()
            {
                Namespace = "default",
                TaskToken = task.TaskToken,
                CompletedType = state is null ? QueryResultType.Failed : QueryResultType.Answered,
                QueryResult = state is null ? null : AnswerOf(state),
                ErrorMessage = state is null ? "not in the cache" : "",
            },
            (_, _) => { });
    }

    static Payloads AnswerOf(WorkflowState state) =>
        new() { Payloads_ = { state.Seen.Select(one => new Payload { Data = ByteString.CopyFromUtf8(one) }) } };

    /// <summary>All events up to the task; null when it begins after what the cache knows.</summary>
    List<HistoryEvent>? Complete(PollWorkflowTaskQueueResponse task)
    {
        var given = task.History.Events;
        if (given.Count > 0 && given[0].EventId == 1)
            return [.. given];
        var known = _cache.GetValueOrDefault(task.WorkflowExecution.RunId)?.Events;
        var first = given.Count > 0 ? given[0].EventId : 0;
        // What the cache took for the end may have been events of a failed attempt, which are not in history.
        return known is null || known.Count < first - 1 ? null : [.. known.Take((int)first - 1), .. given];
    }
}
