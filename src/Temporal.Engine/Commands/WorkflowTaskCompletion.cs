using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>
/// A worker's answer to a workflow task, applied: the Completed event, then one event for each command, then what
/// had to wait for the task. An answer that breaks a rule throws <see cref="WorkflowTaskRefused"/> and leaves nothing.
/// The files WorkflowTaskCompletion.*.cs hold the commands by subject.
/// </summary>
sealed partial class WorkflowTaskCompletion
{
    readonly EngineTransaction _tx;
    readonly WorkflowRun _run;
    readonly RespondWorkflowTaskCompletedRequest _request;
    readonly PendingWorkflowTask _task;
    readonly HashSet<string> _childrenOfThisTask = [];
    readonly List<PendingActivity> _eager = [];
    long _completedEventId;
    bool _hasNews;
    bool _discarded;
    bool _canceledUnstarted;

    public WorkflowTaskCompletion(
        EngineTransaction tx, WorkflowRun run, PendingWorkflowTask task, RespondWorkflowTaskCompletedRequest request)
    {
        _tx = tx;
        _run = run;
        _task = task;
        _request = request;
    }

    public Func<RespondWorkflowTaskCompletedResponse> Apply()
    {
        CheckSequence();
        var heartbeat = _request.ForceCreateNewWorkflowTask && _request.Commands.Count == 0 && _request.Messages.Count == 0;
        if (heartbeat && _tx.Now > _task.OriginalScheduledTime + HistoryLimits.TaskHeartbeatTimeout)
            return HeartbeatTooLong();
        _discarded = CompleteTask();
        KeepSticky();
        _hasNews = _run.HasBuffered;
        foreach (var command in _request.Commands)
            Handle(command);
        _run.Updates.HandleRemaining(this, _request, keepUnprocessed: _request.ForceCreateNewWorkflowTask);
        StartEager();
        if (HistoryLimits.Exceeded(_run) is { } reason)
            throw new HistoryLimitReached(reason);
        _run.Queries.OnTaskCompleted(_tx, _run, _request);
        if (!_run.IsOpen)
            return Answer(null);
        _run.FlushBuffered(_tx);
        var needsTask = _request.ForceCreateNewWorkflowTask || _hasNews || _canceledUnstarted;
        if (!needsTask && !_run.Updates.HasWaiting)
        {
            _run.Queries.OnIdle(_tx, _run);
            return Answer(null);
        }

        WorkflowTaskRules.Schedule(_tx, _run, speculative: !needsTask, heartbeat ? _task.OriginalScheduledTime : null);
        if (!_request.ReturnNewWorkflowTask)
            return Answer(null);
        // It goes back to the worker that has just answered, whatever its queue.
        _run.Task!.IsSticky = true;
        WorkflowTaskRules.Start(_tx, _run, _request.Identity, "request-from-RespondWorkflowTaskCompleted");
        return Answer(WorkflowTaskAnswer.Of(_tx, _run, partial: true));
    }

    /// <summary>A speculative task whose updates were all rejected leaves nothing.</summary>
    bool CompleteTask()
    {
        if (MayDiscard())
        {
            _run.TouchSide(_tx);
            _run.Task = null;
            _run.TaskAttempt = 1;
            return true;
        }

        _completedEventId = WorkflowTaskRules.Complete(_tx, _run, _task, _request).EventId;
        return false;
    }

    bool MayDiscard()
    {
        const int mostEventsShippedAgain = 10;
        if (!_task.IsSpeculative || _request.Commands.Count > 0 || _request.ForceCreateNewWorkflowTask)
            return false;
        var shipped = _run.NextEventId - (_run.LastCompletedTaskStartedEventId + 2);
        var allowed = _request.Capabilities?.DiscardSpeculativeWorkflowTaskWithEvents == true ? mostEventsShippedAgain : 0;
        return shipped <= allowed && _request.Messages.All(message => message.Body.Is(Temporalio.Api.Update.V1.Rejection.Descriptor));
    }

    void KeepSticky()
    {
        _run.TouchSide(_tx);
        _run.Sticky = _request.StickyAttributes is { WorkerTaskQueue.Name.Length: > 0 } sticky ? sticky : null;
    }

    Func<RespondWorkflowTaskCompletedResponse> HeartbeatTooLong()
    {
        WorkflowTaskRules.TimeOut(_tx, _run);
        throw new CommittedFailure(Refuse.NotFound("workflow task heartbeat timeout"));
    }

    Func<RespondWorkflowTaskCompletedResponse> Answer(WorkflowTaskAnswer? next)
    {
        var answer = new RespondWorkflowTaskCompletedResponse();
        // A worker that hears this goes back to where history really is.
        if (_discarded)
            answer.ResetHistoryEventId = _run.LastCompletedTaskStartedEventId;
        foreach (var activity in _eager)
            answer.ActivityTasks.Add(QueuedActivityTask.Answer(_run, activity));
        return () =>
        {
            if (next is not null)
                answer.WorkflowTask = (PollWorkflowTaskQueueResponse)next.Build();
            return answer;
        };
    }

    void CheckSequence()
    {
        for (var i = 0; i < _request.Commands.Count; i++)
        {
            var type = _request.Commands[i].CommandType;
            if (!Enum.IsDefined(type)
                || type is CommandType.Unspecified or CommandType.ScheduleNexusOperation or CommandType.RequestCancelNexusOperation)
                throw Refuse.Invalid($"unknown command type: {type}");
            if (IsClose(type) && i < _request.Commands.Count - 1)
            {
                var all = string.Join(", ", _request.Commands.Select(command => command.CommandType));
                throw Refuse.Invalid($"invalid command sequence: [{all}], command {type} must be the last command.");
            }
        }
    }

    static bool IsClose(CommandType type) => type is CommandType.CompleteWorkflowExecution or CommandType.FailWorkflowExecution or
        CommandType.CancelWorkflowExecution or CommandType.ContinueAsNewWorkflowExecution;

    void Handle(Command command)
    {
        var written = command.CommandType switch
        {
            CommandType.ScheduleActivityTask => ScheduleActivity(command.ScheduleActivityTaskCommandAttributes),
            CommandType.RequestCancelActivityTask => CancelActivity(command.RequestCancelActivityTaskCommandAttributes),
            CommandType.StartTimer => StartTimer(command.StartTimerCommandAttributes),
            CommandType.CancelTimer => CancelTimer(command.CancelTimerCommandAttributes),
            CommandType.RecordMarker => RecordMarker(command.RecordMarkerCommandAttributes),
            CommandType.UpsertWorkflowSearchAttributes => UpsertSearchAttributes(command.UpsertWorkflowSearchAttributesCommandAttributes),
            CommandType.ModifyWorkflowProperties => ModifyProperties(command.ModifyWorkflowPropertiesCommandAttributes),
            CommandType.StartChildWorkflowExecution => StartChild(command.StartChildWorkflowExecutionCommandAttributes),
            CommandType.SignalExternalWorkflowExecution => SignalExternal(command.SignalExternalWorkflowExecutionCommandAttributes),
            CommandType.RequestCancelExternalWorkflowExecution =>
                CancelExternal(command.RequestCancelExternalWorkflowExecutionCommandAttributes),
            CommandType.ProtocolMessage => HandleMessage(command.ProtocolMessageCommandAttributes),
            CommandType.CompleteWorkflowExecution => Complete(command.CompleteWorkflowExecutionCommandAttributes),
            CommandType.FailWorkflowExecution => FailWorkflow(command.FailWorkflowExecutionCommandAttributes),
            CommandType.CancelWorkflowExecution => CancelWorkflow(command.CancelWorkflowExecutionCommandAttributes),
            CommandType.ContinueAsNewWorkflowExecution => ContinueAsNew(command.ContinueAsNewWorkflowExecutionCommandAttributes),
            _ => throw Refuse.Invalid($"unknown command type: {command.CommandType}"),
        };
        if (written is null)
            return;
        // The event was serialized nowhere yet, so its metadata can still be set.
        written.UserMetadata = command.UserMetadata;
        written.EventGroupMarkers.AddRange(command.EventGroupMarkers);
    }

    HistoryEvent? HandleMessage(ProtocolMessageCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage;
        CheckSet(attributes, cause, "ProtocolMessage");
        if (attributes.MessageId.Length == 0)
            throw new WorkflowTaskRefused(cause, "MessageID is not set on ProtocolMessageCommand.");
        _run.Updates.Handle(this, _request, attributes.MessageId);
        return null;
    }

    public EngineTransaction Tx => _tx;

    public WorkflowRun Run => _run;

    public PendingWorkflowTask Task => _task;

    static void CheckSet([NotNull] IMessage? attributes, WorkflowTaskFailedCause cause, string command)
    {
        if (attributes is null)
            throw new WorkflowTaskRefused(cause, $"{command}CommandAttributes is not set on {command}Command.");
    }

    /// <summary>A value over the limit ends the run: the worker would only send it again.</summary>
    static void CheckBlob(IMessage? value, WorkflowTaskFailedCause cause, string message)
    {
        CheckSize(value?.CalculateSize() ?? 0, cause, message);
    }

    static void CheckSize(int bytes, WorkflowTaskFailedCause cause, string message)
    {
        if (bytes > HistoryLimits.BlobBytes)
            throw new WorkflowTaskRefused(cause, message, terminates: true);
    }
}
