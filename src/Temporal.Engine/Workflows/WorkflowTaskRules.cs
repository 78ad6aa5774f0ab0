using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using TaskQueueMessage = Temporalio.Api.TaskQueue.V1.TaskQueue;

namespace Temporal.Engine;

/// <summary>
/// How workflow tasks are scheduled, started and ended. Attempts after a failed one are transient: their events are not
/// written until one completes, so that a workflow that cannot go on does not fill its history. Tasks made for an update only
/// are speculative: they leave nothing when the update is rejected.
/// </summary>
static class WorkflowTaskRules
{
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan RetryIntervalMax = TimeSpan.FromMinutes(10);
    const int BackoffFromAttempt = 4;

    /// <summary>Something has happened that the workflow should see: schedules a task unless one is on its way.</summary>
    public static void Wake(EngineTransaction tx, WorkflowRun run)
    {
        if (!run.IsOpen)
            return;
        KeepSpeculative(tx, run);
        if (run.Task is { IsStarted: true })
        {
            if (run.IsBufferFull)
                GiveUp(tx, run);
            return;
        }

        run.FlushBuffered(tx);
        if (run.Task is null && run.FirstTaskDue is null)
            Schedule(tx, run);
    }

    /// <summary>
    /// A task that was made for an update only lives in memory. Once something that is stored waits for it, it must be stored
    /// too: a restart would lose it, and nothing else would wake the workflow.
    /// </summary>
    static void KeepSpeculative(EngineTransaction tx, WorkflowRun run)
    {
        if (run.Task is { IsSpeculative: true } task)
            Materialize(tx, run, task, task.Identity);
    }

    /// <summary>More has come during the task than may wait for it: the worker starts over and sees all of it.</summary>
    static void GiveUp(EngineTransaction tx, WorkflowRun run)
    {
        Fail(tx, run, WorkflowTaskFailedCause.ForceCloseCommand, null, ClosingRules.Server);
        run.Updates.OnTaskTimedOut();
        run.Queries.OnTaskFailed(tx, run);
        Schedule(tx, run);
    }

    public static void Schedule(EngineTransaction tx, WorkflowRun run, bool speculative = false, DateTime? originalScheduledTime = null)
    {
        run.TouchSide(tx);
        if (run.HasBuffered)
        {
            // New events have come: the next task is a first attempt again.
            run.TaskAttempt = 1;
            speculative = false;
            run.FlushBuffered(tx);
        }

        var attempt = run.TaskAttempt;
        var task = new PendingWorkflowTask
        {
            Attempt = attempt,
            ScheduledEventId = run.NextEventId,
            ScheduledTime = tx.Now,
            OriginalScheduledTime = originalScheduledTime ?? tx.Now,
            Timeout = Timeout(run, attempt),
            IsSpeculative = speculative && attempt == 1,
        };
        if (task.HasEvents)
            AddScheduled(tx, run, task);
        run.Task = task;
        Enqueue(tx, run, task);
    }

    static TimeSpan Timeout(WorkflowRun run, int attempt)
    {
        var timeout = run.Started.WorkflowTaskTimeout.ToTimeSpan();
        if (attempt < BackoffFromAttempt)
            return timeout;
        // A task that keeps failing is dropped by its worker; the longer timeout is the backoff.
        var backoff = RetryInterval * Math.Pow(2, Math.Min(20, attempt - BackoffFromAttempt));
        return timeout + (backoff < RetryIntervalMax ? backoff : RetryIntervalMax);
    }

    static void AddScheduled(EngineTransaction tx, WorkflowRun run, PendingWorkflowTask task) =>
        run.Add(tx, new()
        {
            WorkflowTaskScheduledEventAttributes = new()
            {
                TaskQueue = QueueOf(run),
                StartToCloseTimeout = Duration.FromTimeSpan(task.Timeout),
                Attempt = task.Attempt,
            },
        }, task.ScheduledTime);

    /// <summary>The queue as events show it: the sticky one while the worker has the workflow in its cache.</summary>
    public static TaskQueueMessage QueueOf(WorkflowRun run) => run.Sticky is { } sticky
        ? new() { Name = sticky.WorkerTaskQueue.Name, Kind = TaskQueueKind.Sticky, NormalName = run.Started.TaskQueue.Name }
        : new() { Name = run.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal };

    public static void Enqueue(EngineTransaction tx, WorkflowRun run, PendingWorkflowTask task)
    {
        var queues = tx.State.TaskQueues;
        task.StickyTimeout = run.Sticky is { } known ? Durations.Of(known.ScheduleToStartTimeout) : TimeSpan.Zero;
        task.IsSticky = run.Sticky is { } sticky && queues.HasWorker(run.Namespace.Id, sticky.WorkerTaskQueue.Name, tx.Now);
        // The worker may only be late, so its own queue has the task in any case; whoever comes first takes it.
        if (run.Sticky is { } own)
            Add(own.WorkerTaskQueue.Name, isSticky: true);
        if (!task.IsSticky)
            Add(run.Started.TaskQueue.Name, isSticky: false);

        void Add(string name, bool isSticky) =>
            queues.Get(run.Namespace.Id, name, TaskQueueType.Workflow).Add(tx, new QueuedWorkflowTask(run, task, isSticky, tx.Now));
    }

    public static void Start(EngineTransaction tx, WorkflowRun run, string identity, string requestId)
    {
        // Only a wanted task is handed out, and a wanted task is the run's own.
        var task = run.Task!;
        run.TouchSide(tx);
        if (!task.HasEvents && task.ScheduledEventId != run.NextEventId)
        {
            // Events have come since: an attempt that was to be left out of history must now stand in it.
            task.Attempt = 1;
            run.TaskAttempt = 1;
            task.IsSpeculative = false;
            task.ScheduledTime = tx.Now;
            task.ScheduledEventId = run.NextEventId;
            AddScheduled(tx, run, task);
        }

        if (!task.IsSticky)
            run.Sticky = null;
        task.Identity = identity;
        task.RequestId = requestId;
        task.StartedTime = tx.Now;
        task.HistorySize = run.HistorySize;
        task.SuggestContinueAsNew = HistoryLimits.SuggestContinueAsNew(run);
        if (task.HasEvents)
            AddStarted(tx, run, task, identity);
        else
            task.StartedEventId = task.ScheduledEventId + 1;
    }

    static void AddStarted(EngineTransaction tx, WorkflowRun run, PendingWorkflowTask task, string identity) =>
        task.StartedEventId = run.Add(tx, StartedEvent(run, task, identity), task.StartedTime).EventId;

    static HistoryEvent StartedEvent(WorkflowRun run, PendingWorkflowTask task, string identity)
    {
        var started = new WorkflowTaskStartedEventAttributes
        {
            ScheduledEventId = task.ScheduledEventId,
            Identity = identity,
            RequestId = task.RequestId,
            SuggestContinueAsNew = task.SuggestContinueAsNew,
            HistorySizeBytes = task.HistorySize,
        };
        if (task.SuggestContinueAsNew)
            started.SuggestContinueAsNewReasons.AddRange(HistoryLimits.Reasons(run));
        return new() { WorkflowTaskStartedEventAttributes = started };
    }

    /// <summary>The Scheduled and Started events of a task that are not in history, as workers must see them.</summary>
    /// <param name="identity">Who has the task: told to the worker, not to readers of the history.</param>
    public static List<HistoryEvent> TransientEvents(WorkflowRun run, string identity)
    {
        if (run.Task is not { HasEvents: false } task)
            return [];
        var scheduled = new HistoryEvent
        {
            EventId = task.ScheduledEventId,
            EventTime = Timestamp.FromDateTime(task.ScheduledTime),
            EventType = EventType.WorkflowTaskScheduled,
            WorkflowTaskScheduledEventAttributes = new()
            {
                TaskQueue = QueueOf(run),
                StartToCloseTimeout = Duration.FromTimeSpan(task.Timeout),
                Attempt = task.Attempt,
            },
        };
        if (!task.IsStarted)
            return [scheduled];
        var started = StartedEvent(run, task, identity);
        started.EventId = task.StartedEventId;
        started.EventTime = Timestamp.FromDateTime(task.StartedTime);
        started.EventType = EventType.WorkflowTaskStarted;
        return [scheduled, started];
    }

    /// <summary>Writes the events of a transient or speculative task that now belongs to history.</summary>
    public static void Materialize(EngineTransaction tx, WorkflowRun run, PendingWorkflowTask task, string identity)
    {
        if (task.HasEvents)
            return;
        task.ScheduledEventId = run.NextEventId;
        AddScheduled(tx, run, task);
        if (task.IsStarted)
            AddStarted(tx, run, task, identity);
        task.IsSpeculative = false;
    }

    public static HistoryEvent Complete(EngineTransaction tx, WorkflowRun run, PendingWorkflowTask task, RespondWorkflowTaskCompletedRequest request)
    {
        Materialize(tx, run, task, request.Identity);
        run.Task = null;
        run.TaskAttempt = 1;
        run.CloseAttempted = false;
        run.NoteTaskCompleted();
        return run.Add(tx, new()
        {
            WorkflowTaskCompletedEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                Identity = request.Identity,
#pragma warning disable CS0612 // Deprecated fields that current SDKs still send and read back.
                BinaryChecksum = request.BinaryChecksum,
                WorkerVersion = request.WorkerVersionStamp,
#pragma warning restore CS0612
                SdkMetadata = request.SdkMetadata,
                MeteringMetadata = request.MeteringMetadata,
            },
        });
    }

    /// <summary>Fails the started task. Only the first attempt's failure is an event.</summary>
    public static void Fail(
        EngineTransaction tx, WorkflowRun run, WorkflowTaskFailedCause cause, Failure? failure, string identity, Action<WorkflowTaskFailedEventAttributes>? more = null)
    {
        if (run.Task is not { } task)
            return;
        run.TouchSide(tx);
        if (task.IsSpeculative)
            Materialize(tx, run, task, identity);
        if (run.TaskAttempt == 1)
        {
            var failed = new WorkflowTaskFailedEventAttributes
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                Cause = cause,
                Failure = failure,
                Identity = identity,
            };
            more?.Invoke(failed);
            run.Add(tx, new() { WorkflowTaskFailedEventAttributes = failed });
        }

        AfterFailure(run);
        run.NoteTaskFailed(cause);
        run.CloseAttempted = cause == WorkflowTaskFailedCause.UnhandledCommand;
    }

    static void AfterFailure(WorkflowRun run)
    {
        run.Task = null;
        run.Sticky = null;
        run.TaskAttempt++;
        run.CloseAttempted = false;
    }

    /// <summary>The worker that has the task did not answer in time.</summary>
    public static void TimeOut(EngineTransaction tx, WorkflowRun run)
    {
        if (run.Task is not { IsStarted: true } task)
            return;
        run.TouchSide(tx);
        if (task.IsSpeculative)
            Materialize(tx, run, task, task.Identity);
        if (run.TaskAttempt == 1)
            AddTimedOut(tx, run, task, TimeoutType.StartToClose);
        AfterFailure(run);
        run.NoteTaskTimedOut(TimeoutType.StartToClose);
        run.Queries.OnTaskFailed(tx, run);
        run.Updates.OnTaskTimedOut();
        Schedule(tx, run);
    }

    /// <summary>The worker that had the workflow in its cache does not come for the task: any worker may have it.</summary>
    public static void StickyTimeOut(EngineTransaction tx, WorkflowRun run)
    {
        if (run.Task is not { IsStarted: false } task || task.StickyTimeout == TimeSpan.Zero)
            return;
        run.TouchSide(tx);
        if (task.IsSpeculative)
            Materialize(tx, run, task, "");
        if (task.HasEvents)
            AddTimedOut(tx, run, task, TimeoutType.ScheduleToStart);
        run.Task = null;
        run.Sticky = null;
        Schedule(tx, run);
    }

    static void AddTimedOut(EngineTransaction tx, WorkflowRun run, PendingWorkflowTask task, TimeoutType type) =>
        run.Add(tx, new()
        {
            WorkflowTaskTimedOutEventAttributes = new()
            {
                ScheduledEventId = task.ScheduledEventId,
                StartedEventId = task.StartedEventId,
                TimeoutType = type,
            },
        });
}
