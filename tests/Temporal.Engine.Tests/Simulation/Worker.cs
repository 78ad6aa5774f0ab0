using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>A worker that polls, keeps workflows in a cache, and dies now and then with all it knows.</summary>
sealed class Worker
{
    static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Simulation _simulation;
    readonly string _name;
    readonly bool _hasCache;
    WorkflowTasks _tasks;
    int _life;

    public Worker(Simulation simulation, string name, bool hasCache)
    {
        (_simulation, _name, _hasCache) = (simulation, name, hasCache);
        _tasks = NewTasks();
    }

    string? StickyQueue => _hasCache ? $"{_name}-{_life}" : null;

    WorkflowTasks NewTasks() => new(_simulation, _name, StickyQueue);

    public void Start()
    {
        PollWorkflow(_life, WorkflowPlan.Queue);
        if (StickyQueue is { } sticky)
            PollWorkflow(_life, sticky);
        PollActivity(_life);
        LiveOrDie(_life);
    }

    void LiveOrDie(int life) => _simulation.After(TimeSpan.FromSeconds(2), () =>
    {
        if (life != _life)
            return;
        if (!_simulation.Faults.WorkerDies())
        {
            LiveOrDie(life);
            return;
        }

        _life++;
        _tasks.Die();
        _tasks = NewTasks();
        _simulation.After(Pause, Start);
    });

    void PollWorkflow(int life, string queue)
    {
        if (life != _life)
            return;
        _simulation.Network.Call(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new() { Namespace = "default", Identity = _name, TaskQueue = new() { Name = queue } },
            PollTimeout,
            task =>
            {
                if (life == _life)
                    _tasks.Take(task);
                PollWorkflow(life, queue);
            },
            _ => _simulation.After(Pause, () => PollWorkflow(life, queue)));
    }

    void PollActivity(int life)
    {
        if (life != _life)
            return;
        _simulation.Network.Call(
            WorkflowServiceMethods.PollActivityTaskQueue,
            new() { Namespace = "default", Identity = _name, TaskQueue = new() { Name = WorkflowPlan.Queue } },
            PollTimeout,
            task =>
            {
                if (task.TaskToken.Length > 0 && life == _life && !_simulation.Faults.Forgets())
                    Run(life, task);
                PollActivity(life);
            },
            _ => _simulation.After(Pause, () => PollActivity(life)));
    }

    void Run(int life, PollActivityTaskQueueResponse task)
    {
        _simulation.After(TimeSpan.FromSeconds(1), () => Heartbeat(life, task.TaskToken));
        _simulation.After(TimeSpan.FromSeconds(2), () => End(life, task));
    }

    void Heartbeat(int life, ByteString token)
    {
        if (life == _life)
            _simulation.Network.Call(WorkflowServiceMethods.RecordActivityTaskHeartbeat, new() { Namespace = "default", TaskToken = token }, Pause, _ => { }, _ => { });
    }

    void End(int life, PollActivityTaskQueueResponse task)
    {
        if (life != _life)
            return;
        if (_simulation.Faults.AttemptFails())
        {
            _simulation.Network.CallUntilAnswered(
                WorkflowServiceMethods.RespondActivityTaskFailed,
                new() { Namespace = "default", TaskToken = task.TaskToken, Failure = new() { Message = "no luck", ApplicationFailureInfo = new() } },
                (_, _) => { });
            return;
        }

        _simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.RespondActivityTaskCompleted,
            new() { Namespace = "default", TaskToken = task.TaskToken },
            (_, status) =>
            {
                if (status is null)
                    _simulation.Ledger.OnActivityCompleted(task.WorkflowExecution, task.ActivityId);
            });
    }
}
