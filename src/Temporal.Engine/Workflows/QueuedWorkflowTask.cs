using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Stored;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>A scheduled workflow task in a queue: that of all workers, or that of the worker which has the workflow in its cache.</summary>
sealed class QueuedWorkflowTask(WorkflowRun run, PendingWorkflowTask task, bool isSticky, DateTime queuedAt)
    : QueuedTask(queuedAt, Priorities.Of(run.Started.Priority))
{
    public override bool IsWanted => !run.IsDetached && run.IsOpen && ReferenceEquals(run.Task, task) && !task.IsStarted;

    public override Func<IMessage> HandOut(EngineTransaction tx, Poller poller)
    {
        task.IsSticky = isSticky;
        WorkflowTaskRules.Start(tx, run, poller.Identity, Guid.NewGuid().ToString());
        return WorkflowTaskAnswer.Of(tx, run, partial: isSticky).Build;
    }
}

/// <summary>A started workflow task as its worker gets it. Taken on the loop, built off it: long histories are read from disk.</summary>
sealed class WorkflowTaskAnswer
{
    /// <summary>Events in one answer; the worker asks for the rest by page.</summary>
    const int PageLimit = 4096;

    readonly IEngineStore _store;
    readonly PollWorkflowTaskQueueResponse _answer;
    readonly List<HistoryEvent>? _events;
    readonly List<HistoryEvent> _transient;
    readonly long _runKey;
    readonly long _from;
    readonly long _to;

    WorkflowTaskAnswer(EngineTransaction tx, WorkflowRun run, bool partial, PollWorkflowTaskQueueResponse answer)
    {
        _store = tx.State.Store;
        _answer = answer;
        _runKey = run.Key;
        _from = partial ? run.LastCompletedTaskStartedEventId + 1 : 1;
        _to = run.NextEventId;
        _events = run.TailFrom(_from);
        _transient = run.Task is { IsStarted: true } ? WorkflowTaskRules.TransientEvents(run, run.Task.Identity) : [];
    }

    public static WorkflowTaskAnswer Of(EngineTransaction tx, WorkflowRun run, bool partial)
    {
        // Called for a task that was just started.
        var task = run.Task!;
        var token = new TaskToken
        {
            NamespaceId = run.Namespace.Id,
            WorkflowId = run.WorkflowId,
            RunId = run.RunId,
            ScheduledEventId = task.ScheduledEventId,
            StartedEventId = task.StartedEventId,
            Attempt = task.Attempt,
            StartedTime = Timestamp.FromDateTime(task.StartedTime),
        };
        var answer = new PollWorkflowTaskQueueResponse
        {
            TaskToken = token.ToByteString(),
            WorkflowExecution = run.Execution,
            WorkflowType = run.Started.WorkflowType,
            PreviousStartedEventId = run.LastCompletedTaskStartedEventId,
            StartedEventId = task.StartedEventId,
            Attempt = task.Attempt,
            WorkflowExecutionTaskQueue = new() { Name = run.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            ScheduledTime = Timestamp.FromDateTime(task.ScheduledTime),
            StartedTime = Timestamp.FromDateTime(task.StartedTime),
        };
        run.Queries.AttachTo(answer);
        run.Updates.AttachTo(tx, run, answer);
        return new(tx, run, partial, answer);
    }

    /// <summary>A legacy query task: the whole history that the worker needs, and nothing to complete.</summary>
    public static WorkflowTaskAnswer OfQuery(EngineTransaction tx, WorkflowRun run, bool partial, PollWorkflowTaskQueueResponse answer) =>
        new(tx, run, partial, answer);

    public IMessage Build()
    {
        var events = _events ?? [.. _store.ReadHistory(_runKey, _from, _to, PageLimit)];
        _answer.History = new();
        if (events.Count >= PageLimit)
        {
            _answer.History.Events.AddRange(events.Take(PageLimit));
            var token = new HistoryToken
            {
                RunId = _answer.WorkflowExecution.RunId,
                RunKey = _runKey,
                NextEventId = events[PageLimit - 1].EventId + 1,
                EndEventId = _to,
                TransientEvents = { _transient },
            };
            _answer.NextPageToken = token.ToByteString();
            return _answer;
        }

        _answer.History.Events.AddRange(events);
        _answer.History.Events.AddRange(_transient);
        return _answer;
    }
}
