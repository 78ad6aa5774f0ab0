using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.History;
using Temporalio.Worker.Operations;
using Message = Temporalio.Api.Protocol.V1.Message;

namespace Temporalio.Worker.Execution;

/// <summary>
/// One run in memory: how far its history was read, and the live workflow that follows it. Reading a history and going on with a
/// new task are the same: task by task, events become jobs, the code runs, and the next events are held against what it produced.
/// </summary>
sealed class WorkflowRun(WorkflowSettings settings, WorkflowExecution execution)
{
    readonly Dictionary<string, UpdateOperation> _updates = new(StringComparer.Ordinal);
    WorkflowInstance? _instance;

    public long LastEventId { get; private set; }

    /// <summary>Start of the last workflow task that was run.</summary>
    public long LastStartedEventId { get; private set; }

    public bool IsStarted => _instance is not null;

    public WorkflowInstance Instance =>
        _instance ?? throw new InvalidOperationException($"The history of workflow '{execution.WorkflowId}' has no start event.");

    /// <summary>Replays the tasks of a history that were completed, and checks everything that they recorded.</summary>
    public void Replay(IReadOnlyList<HistoryEvent> events)
    {
        Advance(events, currentStartedEventId: 0, []);
        FinishReplay(events);
    }

    /// <summary>Replays what is new and completed, then runs the current task.</summary>
    public void Advance(IReadOnlyList<HistoryEvent> events, long currentStartedEventId, IReadOnlyList<Message> messages)
    {
        var from = FirstNew(events);
        while (TaskBoundary.FindEnd(events, from, currentStartedEventId) is var end and >= 0)
        {
            var isCurrent = events[end].EventId == currentStartedEventId;
            var completed = isCurrent ? CompletedTask.None : CompletedTask.Read(events, end + 1);
            RunTask(events, from, end, completed, isCurrent ? UpdatesOf(messages) : UpdatesOf(completed), isReplaying: !isCurrent);
            from = end + 1;
        }
    }

    /// <summary>Reads what the last completed task recorded, so that a query sees the run as it is.</summary>
    public void FinishReplay(IReadOnlyList<HistoryEvent> events)
    {
        var i = FirstNew(events);
        if (i >= events.Count || events[i].EventType != EventType.WorkflowTaskCompleted || _instance is null)
            return;

        var jobs = new ActivationJobs();
        do
            Read(events[i++], jobs, isReplaying: true);
        while (i < events.Count && TaskBoundary.IsCommand(events[i].EventType));

        var isComplete = true;
        for (var later = i; later < events.Count && events[later].EventType != EventType.WorkflowTaskStarted; later++)
            isComplete &= !TaskBoundary.IsCommand(events[later].EventType);
        if (isComplete)
            _instance.Commands.RequireAllRecorded(LastEventId + 1);
    }

    /// <summary>A local activity of the current task ended.</summary>
    public void ResolveLocal(LocalActivityOperation activity, LocalActivityMarker marker, bool isReplaying)
    {
        var jobs = new ActivationJobs();
        jobs.Add(JobOrder.Other, () => activity.Resolve(marker));
        Instance.Activate(jobs, isReplaying);
    }

    /// <summary>The server dropped the current task without a trace; its two events will be used again.</summary>
    public void ForgetCurrentTask(long lastStartedEventId)
    {
        LastEventId -= 2;
        LastStartedEventId = lastStartedEventId;
    }

    int FirstNew(IReadOnlyList<HistoryEvent> events)
    {
        var i = 0;
        while (i < events.Count && events[i].EventId <= LastEventId)
            i++;
        if (i < events.Count && events[i].EventId != LastEventId + 1)
        {
            throw new InvalidOperationException(
                $"History of workflow '{execution.WorkflowId}' has a gap: event {events[i].EventId} follows {LastEventId}.");
        }

        return i;
    }

    void RunTask(
        IReadOnlyList<HistoryEvent> events, int from, int end, CompletedTask completed, Queue<UpdateRequest> updates, bool isReplaying)
    {
        var jobs = new ActivationJobs();
        for (var i = from; i <= end; i++)
        {
            while (updates.TryPeek(out var next) && next.After < events[i].EventId)
                Deliver(updates.Dequeue(), jobs, isReplaying);
            Read(events[i], jobs, isReplaying);
        }

        while (updates.TryDequeue(out var last))
            Deliver(last, jobs, isReplaying);

        Instance.Commands.RequireAllRecorded(events[end].EventId);
        LastStartedEventId = events[end].EventId;
        Instance.Task.Start(events[end]);
        Instance.Task.DeploymentVersion = isReplaying ? completed.DeploymentVersion : settings.DeploymentVersion;
        foreach (var patch in completed.Patches)
            Instance.Patches.AddFromHistory(patch);

        Instance.Activate(jobs, isReplaying);
        foreach (var marker in completed.LocalActivities)
        {
            if (Instance.LocalActivities.Find(activity => activity.Sequence == marker.Data.Sequence) is { } activity)
                ResolveLocal(activity, marker, isReplaying);
        }
    }

    void Read(HistoryEvent e, ActivationJobs jobs, bool isReplaying)
    {
        LastEventId = e.EventId;
        switch (e.EventType)
        {
            case EventType.WorkflowExecutionStarted:
                Start(e);
                jobs.Add(JobOrder.Start, () => { });
                break;
            case EventType.WorkflowTaskCompleted:
                Instance.Commands.MarkSent();
                Instance.Messages.Clear();
                break;
            case EventType.WorkflowTaskFailed when e.WorkflowTaskFailedEventAttributes.Cause == WorkflowTaskFailedCause.ResetWorkflow:
                var newRunId = e.WorkflowTaskFailedEventAttributes.NewRunId;
                jobs.Add(JobOrder.Seed, () => Instance.Seed(newRunId));
                break;
            case EventType.WorkflowExecutionSignaled:
                jobs.Add(JobOrder.Message, () => Instance.ReceiveSignal(e.WorkflowExecutionSignaledEventAttributes));
                break;
            case EventType.WorkflowExecutionCancelRequested:
                jobs.Add(JobOrder.Other, Instance.RequestCancel);
                break;
            case EventType.WorkflowExecutionUpdateAdmitted:
                var request = e.WorkflowExecutionUpdateAdmittedEventAttributes.Request;
                Deliver(new(e.EventId, $"{request.Meta.UpdateId}/request", request.Meta.UpdateId, request), jobs, isReplaying);
                break;
            default:
                ReadOperation(e, jobs);
                break;
        }
    }

    void ReadOperation(HistoryEvent e, ActivationJobs jobs)
    {
        if (TaskBoundary.IsCommand(e.EventType))
        {
            Instance.Commands.Take(e);
            return;
        }

        if (TaskBoundary.RefersTo(e) is not (var about and > 0))
            return;
        if (Instance.Operations.Find(about) is not { } operation)
            throw Nondeterminism.Unknown(e, about);
        operation.OnEvent(e, jobs);
    }

    void Start(HistoryEvent started)
    {
        var type = started.WorkflowExecutionStartedEventAttributes.WorkflowType.Name;
        var definition = settings.Find(type) ?? throw new ApplicationFailureException(
            $"Workflow type {type} is not registered on this worker, available workflows: "
            + string.Join(", ", settings.Definitions.Select(known => known.Name).Order(StringComparer.Ordinal)),
            errorType: "NotFoundError");
        _instance = new(settings, definition, execution, started);
    }

    // An update that history admitted comes once more as a message, and once more when it was accepted. One that was rejected has left
    // no trace, so its id may come again.
    void Deliver(UpdateRequest update, ActivationJobs jobs, bool isReplaying)
    {
        if (_updates.TryGetValue(update.Request.Meta.UpdateId, out var known) && !known.IsRejected)
            return;

        var operation = new UpdateOperation(Instance, update.MessageId, update.InstanceId, update.After, update.Request);
        _updates[operation.Id] = operation;
        jobs.Add(JobOrder.Message, () => Instance.StartUpdate(operation, validate: !isReplaying));
    }

    static Queue<UpdateRequest> UpdatesOf(CompletedTask completed) => new(
        from accepted in completed.Updates
        where accepted.AcceptedRequest is not null
        select new UpdateRequest(
            accepted.AcceptedRequestSequencingEventId, accepted.AcceptedRequestMessageId, accepted.ProtocolInstanceId,
            accepted.AcceptedRequest));

    static Queue<UpdateRequest> UpdatesOf(IReadOnlyList<Message> messages)
    {
        var updates = new Queue<UpdateRequest>();
        foreach (var message in messages)
        {
            if (message.Body.TryUnpack<Request>(out var request))
                updates.Enqueue(new(message.EventId, message.Id, message.ProtocolInstanceId, request));
        }

        return updates;
    }

    /// <summary>An update as it arrived: after which event, and by which message.</summary>
    sealed record UpdateRequest(long After, string MessageId, string InstanceId, Request Request);
}
