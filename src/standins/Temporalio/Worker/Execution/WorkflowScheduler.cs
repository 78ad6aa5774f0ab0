using Temporalio.Exceptions;

namespace Temporalio.Worker.Execution;

/// <summary>
/// Runs a workflow's tasks one after the other in the order they became ready, on the thread of the current activation and only
/// during it. A task that becomes ready at another time was woken by something that is not part of the workflow, such as a timer
/// or a thread of .NET's own; it would come at another moment on replay, so the workflow task fails instead.
/// </summary>
sealed class WorkflowScheduler(WorkflowInstance workflow, bool refuseForeignTasks) : TaskScheduler
{
    readonly Queue<Task> _ready = new();
    readonly Lock _lock = new();
    int _thread;

    public WorkflowInstance Workflow => workflow;

    public override int MaximumConcurrencyLevel => 1;

    public bool HasReadyTasks
    {
        get
        {
            lock (_lock)
                return _ready.Count > 0;
        }
    }

    /// <summary>From here to <see cref="Leave"/> this thread is the workflow's.</summary>
    public void Enter() => _thread = Environment.CurrentManagedThreadId;

    public void Leave() => _thread = 0;

    /// <summary>Runs until nothing is ready.</summary>
    public void RunReady()
    {
        while (true)
        {
            Task task;
            lock (_lock)
            {
                if (!_ready.TryDequeue(out var next))
                    return;
                task = next;
            }

            TryExecuteTask(task);
            workflow.ThrowIfBroken();
        }
    }

    protected override void QueueTask(Task task)
    {
        if (refuseForeignTasks && _thread != Environment.CurrentManagedThreadId)
        {
            workflow.OnForeignTask(new InvalidWorkflowSchedulerException(
                $"Workflow '{workflow.Info.WorkflowType}' was woken by something that is not part of it. It awaits a task of .NET, such as "
                + "Task.Delay, Task.Run, SemaphoreSlim or I/O, which would come at another moment on replay. Use Workflow.DelayAsync, "
                + "Workflow.RunTaskAsync, Workflows.Semaphore, or move the call into an activity."));
            return;
        }

        lock (_lock)
            _ready.Enqueue(task);
    }

    // Tasks run in the order of the queue and never in the middle of another one.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_lock)
            return [.. _ready];
    }
}
