using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using TaskQueueMessage = Temporalio.Api.TaskQueue.V1.TaskQueue;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>A worker that polls, obeys <see cref="WorkflowPlan"/>, keeps workflows in a cache, and dies now and then with all it knows.</summary>
sealed class Worker(Simulation simulation, string name, bool hasCache)
{
    static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, List<HistoryEvent>> _cache = [];
    int _life;

    string StickyQueue => $"{name}-{_life}";

    public void Start()
    {
        PollWorkflow(_life, WorkflowPlan.Queue);
        if (hasCache)
            PollWorkflow(_life, StickyQueue);
        PollActivity(_life);
        LiveOrDie(_life);
    }

    void LiveOrDie(int life) => simulation.After(TimeSpan.FromSeconds(2), () =>
    {
        if (life != _life)
            return;
        if (!simulation.Faults.WorkerDies())
        {
            LiveOrDie(life);
            return;
        }

        _life++;
        _cache.Clear();
        simulation.After(Pause, Start);
    });

    void PollWorkflow(int life, string queue)
    {
        if (life != _life)
            return;
        simulation.Network.Call(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new() { Namespace = "default", Identity = name, TaskQueue = new() { Name = queue } },
            PollTimeout,
            task =>
            {
                if (task.TaskToken.Length > 0 && life == _life && !simulation.Faults.Forgets())
                    Answer(task);
                PollWorkflow(life, queue);
            },
            _ => simulation.After(Pause, () => PollWorkflow(life, queue)));
    }

    void Answer(PollWorkflowTaskQueueResponse task)
    {
        if (Complete(task) is not { } events)
        {
            _cache.Remove(task.WorkflowExecution.RunId);
            simulation.Network.CallUntilAnswered(
                WorkflowServiceMethods.RespondWorkflowTaskFailed,
                new() { Namespace = "default", TaskToken = task.TaskToken, Cause = WorkflowTaskFailedCause.ResetStickyTaskQueue, Failure = new() { Message = "not in the cache" } },
                _ => { });
            return;
        }

        var completed = new RespondWorkflowTaskCompletedRequest { Namespace = "default", Identity = name, TaskToken = task.TaskToken };
        completed.Commands.AddRange(WorkflowPlan.Next(events));
        if (hasCache)
        {
            _cache[task.WorkflowExecution.RunId] = events;
            completed.StickyAttributes = new StickyExecutionAttributes
            {
                WorkerTaskQueue = new TaskQueueMessage { Name = StickyQueue, Kind = TaskQueueKind.Sticky, NormalName = WorkflowPlan.Queue },
                ScheduleToStartTimeout = new() { Seconds = 3 },
            };
        }

        simulation.Network.CallUntilAnswered(WorkflowServiceMethods.RespondWorkflowTaskCompleted, completed, status =>
        {
            if (status is null)
                simulation.Ledger.OnTaskCompleted(task.WorkflowExecution, completed.Commands);
        });
    }

    /// <summary>All events up to the task; null when it begins after what the cache knows.</summary>
    List<HistoryEvent>? Complete(PollWorkflowTaskQueueResponse task)
    {
        var given = task.History.Events;
        if (given.Count > 0 && given[0].EventId == 1)
            return [.. given];
        var known = _cache.GetValueOrDefault(task.WorkflowExecution.RunId);
        var first = given.Count > 0 ? given[0].EventId : 0;
        // What the cache took for the end may have been events of a failed attempt, which are not in history.
        return known is null || known.Count < first - 1 ? null : [.. known.Take((int)first - 1), .. given];
    }

    void PollActivity(int life)
    {
        if (life != _life)
            return;
        simulation.Network.Call(
            WorkflowServiceMethods.PollActivityTaskQueue,
            new() { Namespace = "default", Identity = name, TaskQueue = new() { Name = WorkflowPlan.Queue } },
            PollTimeout,
            task =>
            {
                if (task.TaskToken.Length > 0 && life == _life && !simulation.Faults.Forgets())
                    Run(life, task);
                PollActivity(life);
            },
            _ => simulation.After(Pause, () => PollActivity(life)));
    }

    void Run(int life, PollActivityTaskQueueResponse task)
    {
        simulation.After(TimeSpan.FromSeconds(1), () => Heartbeat(life, task.TaskToken));
        simulation.After(TimeSpan.FromSeconds(2), () => End(life, task));
    }

    void Heartbeat(int life, ByteString token)
    {
        if (life == _life)
            simulation.Network.Call(WorkflowServiceMethods.RecordActivityTaskHeartbeat, new() { Namespace = "default", TaskToken = token }, Pause, _ => { }, _ => { });
    }

    void End(int life, PollActivityTaskQueueResponse task)
    {
        if (life != _life)
            return;
        if (simulation.Faults.AttemptFails())
        {
            simulation.Network.CallUntilAnswered(
                WorkflowServiceMethods.RespondActivityTaskFailed,
                new() { Namespace = "default", TaskToken = task.TaskToken, Failure = new() { Message = "no luck", ApplicationFailureInfo = new() } },
                _ => { });
            return;
        }

        simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.RespondActivityTaskCompleted,
            new() { Namespace = "default", TaskToken = task.TaskToken },
            status =>
            {
                if (status is null)
                    simulation.Ledger.OnActivityCompleted(task.WorkflowExecution, task.ActivityId);
            });
    }
}
