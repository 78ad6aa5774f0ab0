using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>What callers were told, held against what is on disk: when they are told, and at the end.</summary>
sealed class Ledger(MemoryStore store)
{
    readonly HashSet<string> _started = [];
    readonly HashSet<string> _terminated = [];
    readonly HashSet<string> _reset = [];

    // Signals and completed updates, by workflow: callers have heard that they are taken.
    readonly Dictionary<string, HashSet<string>> _known = [];
    readonly List<ScheduleAccount> _schedules = [];

    int _unanswered;

    public bool IsSettled => _unanswered == 0 && store.Runs.All(run => !run.IsOpen);

    public string Open => _unanswered + " calls are not answered; open are " + string.Join(", ", store.Runs.Where(run => run.IsOpen).Select(run =>
        $"{run.WorkflowId} after {string.Join(' ', store.History(run.Key).Select(one => one.EventType))}"));

    /// <summary>An answer leaves the engine: nothing in it may be ahead of the disk.</summary>
    public void OnAnswer(IMessage request, IMessage answer)
    {
        switch (answer)
        {
            case PollWorkflowTaskQueueResponse { TaskToken.Length: > 0 } task:
                OnHandedOut(task);
                break;
            case RespondWorkflowTaskCompletedResponse { WorkflowTask: { } next }:
                OnHandedOut(next);
                break;
            case PollActivityTaskQueueResponse { TaskToken.Length: > 0 } task:
                Rule.Holds(RunOf(task.WorkflowExecution).IsOpen, $"an activity of {task.WorkflowExecution.WorkflowId} is handed out after its end");
                break;
            case StartWorkflowExecutionResponse:
                var id = ((StartWorkflowExecutionRequest)request).WorkflowId;
                Rule.Holds(Find(id) is not null, $"the start of {id} is answered and not on disk");
                break;
        }
    }

    void OnHandedOut(PollWorkflowTaskQueueResponse task)
    {
        var run = RunOf(task.WorkflowExecution);
        Rule.Holds(run.IsOpen || task.Query is not null, $"a task of {run.WorkflowId} is handed out after its end");
        foreach (var one in task.History.Events)
        {
            // A task that is not in history yet is shown behind it.
            var isOwn = one.EventId >= run.NextEventId && one.EventType is EventType.WorkflowTaskScheduled or EventType.WorkflowTaskStarted;
            Rule.Holds(isOwn || IsOnDisk(run, one), $"{run.WorkflowId} shows an event {one.EventId} that is not on disk: {one}");
        }
    }

    public void OnStarted(string id) => _started.Add(id);

    public void OnAsked() => _unanswered++;

    public void OnHeard() => _unanswered--;

    public void OnResetting(string id) => _reset.Add(id);

    public bool IsOpen(string id) => Get(id).IsOpen;

    public string NewestRunOf(string id) => Find(id)?.RunId ?? "";

    /// <summary>What callers have heard by now that this workflow has taken.</summary>
    public IReadOnlyList<string> KnownOf(string id) => [.. _known.GetValueOrDefault(id) ?? []];

    /// <summary>All its runs, for people.</summary>
    public string StoryOf(string id) => string.Join("\n  ", Chain(id).Select(run =>
        $"{run.RunId} {(WorkflowExecutionStatus)run.Status}: {string.Join(' ', store.HistoryWithWaiting(run).Select(one => $"{one.EventId} {one.EventType}"))}"));

    void Know(string id, string what)
    {
        if (!_known.TryGetValue(id, out var known))
            _known[id] = known = [];
        known.Add(what);
    }

    public void OnSignaled(string id, string signal)
    {
        Rule.Holds(Chain(id).Any(run => SignalsOf(run).Contains(signal)), $"{signal} to {id} is answered and not on disk");
        Know(id, signal);
    }

    public void OnUpdated(string id, string update, string kind, UpdateWorkflowExecutionResponse answer)
    {
        if (kind == "bad")
        {
            Rule.Holds(answer.Outcome?.Failure is not null, $"{update} is taken, and its workflow rejects it");
            return;
        }

        var events = Chain(id).SelectMany(run => store.History(run.Key)).ToList();
        Rule.Holds(
            events.Any(one => one.WorkflowExecutionUpdateAcceptedEventAttributes?.ProtocolInstanceId == update),
            $"{update} is accepted and not on disk");
        if (answer.Outcome?.Success is null)
            return;
        Rule.Holds(
            events.Any(one => one.WorkflowExecutionUpdateCompletedEventAttributes?.Meta.UpdateId == update),
            $"{update} is completed and not on disk");
        Know(id, update);
    }

    public void OnTerminated(string id, RpcStatus? status)
    {
        if (status is null)
            Rule.Holds(!Get(id).IsOpen, $"the end of {id} is answered and not on disk");
        _terminated.Add(id);
    }

    public void OnTaskCompleted(WorkflowExecution execution, IEnumerable<Command> commands)
    {
        var run = RunOf(execution);
        foreach (var activity in commands.Select(command => command.ScheduleActivityTaskCommandAttributes?.ActivityId).OfType<string>())
            Rule.Holds(ScheduledEventId(run, activity) is not null, $"{run.WorkflowId}: activity {activity} is taken and not on disk");
        foreach (var timer in commands.Select(command => command.StartTimerCommandAttributes?.TimerId).OfType<string>())
            Rule.Holds(store.History(run.Key).Any(one => one.TimerStartedEventAttributes?.TimerId == timer), $"{run.WorkflowId}: timer {timer} is taken and not on disk");
    }

    public void OnActivityCompleted(WorkflowExecution execution, string activityId)
    {
        var run = RunOf(execution);
        var scheduled = ScheduledEventId(run, activityId);
        Rule.Holds(
            !run.IsOpen || store.HistoryWithWaiting(run).Any(one => one.ActivityTaskCompletedEventAttributes?.ScheduledEventId == scheduled),
            $"{run.WorkflowId}: the end of activity {activityId} is taken and not on disk");
    }

    public void OnScheduled(string id, int seconds, ScheduleOverlapPolicy policy, DateTimeOffset end) =>
        _schedules.Add(new(id, seconds, policy, end));

    /// <summary>Everything has come to its end: is it all there, and nothing twice?</summary>
    public void CheckAtEnd(Func<string, Temporalio.Api.Schedule.V1.ScheduleInfo> infoOf)
    {
        foreach (var id in _started.Except(_terminated))
        {
            Rule.Holds(Get(id).Status == (int)WorkflowExecutionStatus.Completed, $"{id} was started and ended as {Get(id).Status}");
            var seen = new WorkflowState(store.History(Get(id).Key)).Seen.ToHashSet();
            foreach (var what in KnownOf(id))
                Rule.Holds(seen.Contains(what), $"{id} has lost {what}");
        }

        foreach (var run in store.Runs.Where(run => !_reset.Contains(run.WorkflowId)))
        {
            foreach (var group in SignalsOf(run).GroupBy(one => one))
                Rule.Holds(group.Count() == 1, $"{run.WorkflowId} has {group.Key} {group.Count()} times");
        }

        foreach (var schedule in _schedules)
            schedule.Check(infoOf(schedule.Id), [.. store.Runs.Where(run => run.RunId == run.FirstRunId).Select(run => run.WorkflowId)]);
    }

    StoredRun? Find(string id) => store.Runs.LastOrDefault(run => run.WorkflowId == id);

    StoredRun Get(string id)
    {
        Rule.Holds(Find(id) is not null, $"{id} is lost");
        return Find(id)!;
    }

    IEnumerable<StoredRun> Chain(string id) => store.Runs.Where(run => run.WorkflowId == id);

    StoredRun RunOf(WorkflowExecution execution)
    {
        var run = Chain(execution.WorkflowId).FirstOrDefault(run => run.RunId == execution.RunId);
        Rule.Holds(run is not null, $"{execution.WorkflowId} {execution.RunId} is handed out and not on disk");
        return run!;
    }

    bool IsOnDisk(StoredRun run, HistoryEvent shown)
    {
        var stored = store.History(run.Key).ElementAtOrDefault((int)shown.EventId - 1)?.Clone();
        // Shown before it was numbered; what came in the same batch has made it part of the history.
        if (stored is not null && shown.TaskId == 0)
            stored.TaskId = 0;
        return shown.Equals(stored);
    }

    IEnumerable<string> SignalsOf(StoredRun run) => store.HistoryWithWaiting(run).Select(one => one.WorkflowExecutionSignaledEventAttributes?.SignalName).OfType<string>();

    long? ScheduledEventId(StoredRun run, string activityId) =>
        store.History(run.Key).FirstOrDefault(one => one.ActivityTaskScheduledEventAttributes?.ActivityId == activityId)?.EventId;
}
