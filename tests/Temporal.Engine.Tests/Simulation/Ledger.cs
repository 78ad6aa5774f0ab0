using Google.Protobuf;
using Temporal.Engine.Stored;
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
    readonly List<(string WorkflowId, string Signal)> _signals = [];
    readonly List<ScheduleAccount> _schedules = [];

    public bool IsSettled => store.Runs.All(run => !run.IsOpen);

    public string Open => string.Join(", ", store.Runs.Where(run => run.IsOpen).Select(run =>
        $"{run.WorkflowId} after {string.Join(' ', store.History(run.Key).Select(one => one.EventType))}"));

    /// <summary>An answer leaves the engine: nothing in it may be ahead of the disk.</summary>
    public void OnAnswer(IMessage request, IMessage answer)
    {
        switch (answer)
        {
            case PollWorkflowTaskQueueResponse { TaskToken.Length: > 0 } task:
                var run = RunOf(task.WorkflowExecution);
                Rule.Holds(run.IsOpen, $"a task of {run.WorkflowId} is handed out after its end");
                foreach (var one in task.History.Events.Where(one => task.Attempt == 1 || one.EventId < run.NextEventId))
                    Rule.Holds(one.Equals(Event(run, one.EventId)), $"{run.WorkflowId} shows an event {one.EventId} that is not on disk: {one}");
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

    public void OnStarted(string id) => _started.Add(id);

    public void OnSignaled(string id, string signal)
    {
        Rule.Holds(SignalsOf(Get(id)).Contains(signal), $"{signal} to {id} is answered and not on disk");
        _signals.Add((id, signal));
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
            !run.IsOpen || History(run).Any(one => one.ActivityTaskCompletedEventAttributes?.ScheduledEventId == scheduled),
            $"{run.WorkflowId}: the end of activity {activityId} is taken and not on disk");
    }

    public void OnScheduled(string id, int seconds, ScheduleOverlapPolicy policy, DateTimeOffset end) =>
        _schedules.Add(new(id, seconds, policy, end));

    /// <summary>Everything has come to its end: is it all there, and nothing twice?</summary>
    public void CheckAtEnd(Func<string, Temporalio.Api.Schedule.V1.ScheduleInfo> infoOf)
    {
        foreach (var id in _started.Except(_terminated))
            Rule.Holds(Get(id).Status == (int)WorkflowExecutionStatus.Completed, $"{id} was started and ended as {Get(id).Status}");
        foreach (var (id, signal) in _signals)
            Rule.Holds(_terminated.Contains(id) || SignalsOf(Get(id)).Count(one => one == signal) == 1, $"{id} has {signal} not once");
        foreach (var run in store.Runs)
        {
            foreach (var group in SignalsOf(run).GroupBy(one => one))
                Rule.Holds(group.Count() == 1, $"{run.WorkflowId} has {group.Key} {group.Count()} times");
        }

        foreach (var schedule in _schedules)
            schedule.Check(infoOf(schedule.Id), [.. store.Runs.Select(run => run.WorkflowId)]);
    }

    StoredRun? Find(string id) => store.Runs.LastOrDefault(run => run.WorkflowId == id);

    StoredRun Get(string id)
    {
        Rule.Holds(Find(id) is not null, $"{id} is lost");
        return Find(id)!;
    }

    StoredRun RunOf(WorkflowExecution execution)
    {
        var run = Get(execution.WorkflowId);
        Rule.Holds(run.RunId == execution.RunId, $"{execution.WorkflowId} is known under another run id");
        return run;
    }

    /// <summary>With what waits for the workflow task to end.</summary>
    IEnumerable<HistoryEvent> History(StoredRun run) =>
        store.History(run.Key).Concat(run.SideRecord.Length == 0 ? [] : SideRecord.Parser.ParseFrom(run.SideRecord).BufferedEvents);

    HistoryEvent? Event(StoredRun run, long id) => store.History(run.Key).ElementAtOrDefault((int)id - 1);

    IEnumerable<string> SignalsOf(StoredRun run) => History(run).Select(one => one.WorkflowExecutionSignaledEventAttributes?.SignalName).OfType<string>();

    long? ScheduledEventId(StoredRun run, string activityId) =>
        store.History(run.Key).FirstOrDefault(one => one.ActivityTaskScheduledEventAttributes?.ActivityId == activityId)?.EventId;
}
