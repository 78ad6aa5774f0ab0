using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>
/// The workflows of the simulation: their type is their plan, a letter per stage, each begun when the one before it is over.
/// A: an activity; B: two activities at once; T: a timer; S: waits for the next signal; C: a child workflow.
/// </summary>
static class WorkflowPlan
{
    public const string Queue = "plans";

    public static string Draw(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => "ABTSC"[random.Next(5)]));

    public static int Signals(string plan) => plan.Count(stage => stage == 'S');

    /// <summary>What a worker answers when it has seen these events.</summary>
    public static List<Command> Next(IReadOnlyList<HistoryEvent> events)
    {
        var started = events[0].WorkflowExecutionStartedEventAttributes;
        var plan = started.WorkflowType.Name;
        var signals = events.Count(one => one.EventType == EventType.WorkflowExecutionSignaled);
        for (var stage = 0; stage < plan.Length; stage++)
        {
            var (commands, isOver) = Stage(plan[stage], $"{stage}", started.WorkflowId, events, ref signals);
            if (!isOver)
                return commands;
        }

        return [new() { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() }];
    }

    static (List<Command> Commands, bool IsOver) Stage(
        char kind, string id, string workflowId, IReadOnlyList<HistoryEvent> events, ref int signals) => kind switch
        {
            'A' => Activity(id, events),
            'B' => Both(Activity(id + "x", events), Activity(id + "y", events)),
            'T' => Timer(id, events),
            'S' => ([], signals-- > 0),
            'C' => Child($"{workflowId}/{id}", events),
            _ => throw new InvalidOperationException($"there is no stage {kind}"),
        };

    static (List<Command> Commands, bool IsOver) Both((List<Command> Commands, bool IsOver) a, (List<Command> Commands, bool IsOver) b) =>
        ([.. a.Commands, .. b.Commands], a.IsOver && b.IsOver);

    static (List<Command> Commands, bool IsOver) Activity(string id, IReadOnlyList<HistoryEvent> events)
    {
        var scheduled = events.FirstOrDefault(one => one.ActivityTaskScheduledEventAttributes?.ActivityId == id);
        if (scheduled is not null)
            return ([], events.Any(one => one.ActivityTaskCompletedEventAttributes?.ScheduledEventId == scheduled.EventId));
        return ([new()
        {
            CommandType = CommandType.ScheduleActivityTask,
            ScheduleActivityTaskCommandAttributes = new()
            {
                ActivityId = id,
                ActivityType = new() { Name = "work" },
                TaskQueue = new() { Name = Queue },
                StartToCloseTimeout = Seconds(8),
                HeartbeatTimeout = Seconds(4),
                RetryPolicy = new() { InitialInterval = Seconds(1), BackoffCoefficient = 1 },
            },
        }], false);
    }

    static (List<Command> Commands, bool IsOver) Timer(string id, IReadOnlyList<HistoryEvent> events)
    {
        if (events.Any(one => one.TimerStartedEventAttributes?.TimerId == id))
            return ([], events.Any(one => one.TimerFiredEventAttributes?.TimerId == id));
        return ([new() { CommandType = CommandType.StartTimer, StartTimerCommandAttributes = new() { TimerId = id, StartToFireTimeout = Seconds(7) } }], false);
    }

    static (List<Command> Commands, bool IsOver) Child(string id, IReadOnlyList<HistoryEvent> events)
    {
        if (events.Any(one => one.StartChildWorkflowExecutionInitiatedEventAttributes?.WorkflowId == id))
            return ([], events.Any(one => one.ChildWorkflowExecutionCompletedEventAttributes?.WorkflowExecution.WorkflowId == id));
        return ([new()
        {
            CommandType = CommandType.StartChildWorkflowExecution,
            StartChildWorkflowExecutionCommandAttributes = new()
            {
                WorkflowId = id,
                WorkflowType = new() { Name = "TA" },
                TaskQueue = new() { Name = Queue },
            },
        }], false);
    }

    static Duration Seconds(int seconds) => new() { Seconds = seconds };
}
