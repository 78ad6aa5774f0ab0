using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>
/// The workflows of the simulation: their type is their plan, a letter per stage, each begun when the one before it is over.
/// A: an activity; B: two activities at once; T: a timer; S: waits for the next signal; C: a child workflow; N: the rest is the
/// plan of the next run. D, K and R start a child and leave it: to itself, to be terminated or to be cancelled with its parent.
/// </summary>
static class WorkflowPlan
{
    public const string Queue = "plans";

    const string Stages = "AABTTSSCCNDKR";
    const string LongChild = "TTTA";

    public static string Draw(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => Stages[random.Next(Stages.Length)]));

    public static int Signals(string plan) => plan.Count(stage => stage == 'S');

    /// <summary>What a worker answers when it knows this much, beside what it says about updates.</summary>
    public static List<Command> Next(WorkflowState state)
    {
        if (state.Events.Any(one => one.EventType == EventType.WorkflowExecutionCancelRequested))
            return [new() { CommandType = CommandType.CancelWorkflowExecution, CancelWorkflowExecutionCommandAttributes = new() }];
        var signals = state.Signals.Count - state.Before.Consumed;
        for (var stage = 0; stage < state.Plan.Length; stage++)
        {
            if (state.Plan[stage] == 'N')
                return state.IsUpdating ? [] : [ContinueAsNew(state, stage)];
            var (commands, isOver) = Stage(state, stage, ref signals);
            if (!isOver)
                return commands;
        }

        return state.IsUpdating ? [] : [new() { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() }];
    }

    static (List<Command> Commands, bool IsOver) Stage(WorkflowState state, int stage, ref int signals)
    {
        var (id, events) = ($"{state.Before.Stages + stage}", state.Events);
        var child = $"{state.WorkflowId}/{id}";
        return state.Plan[stage] switch
        {
            'A' => Activity(id, events),
            'B' => Both(Activity(id + "x", events), Activity(id + "y", events)),
            'T' => Timer(id, 7, events),
            'S' => ([], signals-- > 0),
            'C' => Child(child, "TA", ParentClosePolicy.Terminate, events, HasEnded),
            'D' => Child(child, "TA", ParentClosePolicy.Abandon, events, HasBegun),
            'K' => Child(child, LongChild, ParentClosePolicy.Terminate, events, HasBegun),
            'R' => Child(child, LongChild, ParentClosePolicy.RequestCancel, events, HasBegun),
            var kind => throw new InvalidOperationException($"there is no stage {kind}"),
        };
    }

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

    public static (List<Command> Commands, bool IsOver) Timer(string id, int seconds, IReadOnlyList<HistoryEvent> events)
    {
        if (events.Any(one => one.TimerStartedEventAttributes?.TimerId == id))
            return ([], events.Any(one => one.TimerFiredEventAttributes?.TimerId == id));
        return ([new() { CommandType = CommandType.StartTimer, StartTimerCommandAttributes = new() { TimerId = id, StartToFireTimeout = Seconds(seconds) } }], false);
    }

    static (List<Command> Commands, bool IsOver) Child(
        string id, string plan, ParentClosePolicy policy, IReadOnlyList<HistoryEvent> events, Func<HistoryEvent, string, bool> ends)
    {
        if (events.Any(one => one.StartChildWorkflowExecutionInitiatedEventAttributes?.WorkflowId == id))
            return ([], events.Any(one => ends(one, id)));
        return ([new()
        {
            CommandType = CommandType.StartChildWorkflowExecution,
            StartChildWorkflowExecutionCommandAttributes = new()
            {
                WorkflowId = id,
                WorkflowType = new() { Name = plan },
                TaskQueue = new() { Name = Queue },
                ParentClosePolicy = policy,
            },
        }], false);
    }

    static bool HasBegun(HistoryEvent one, string id) =>
        one.ChildWorkflowExecutionStartedEventAttributes?.WorkflowExecution.WorkflowId == id
        || one.StartChildWorkflowExecutionFailedEventAttributes?.WorkflowId == id;

    static bool HasEnded(HistoryEvent one, string id) => id == (
        one.ChildWorkflowExecutionCompletedEventAttributes?.WorkflowExecution ?? one.ChildWorkflowExecutionTerminatedEventAttributes?.WorkflowExecution
        ?? one.ChildWorkflowExecutionCanceledEventAttributes?.WorkflowExecution)?.WorkflowId
        || one.StartChildWorkflowExecutionFailedEventAttributes?.WorkflowId == id;

    static Command ContinueAsNew(WorkflowState state, int stage)
    {
        var (done, rest) = (state.Plan[..stage], state.Plan[(stage + 1)..]);
        var carried = new Carried(state.Before.Stages + stage + 1, state.Before.Consumed + Signals(done), [.. state.Seen]);
        return new()
        {
            CommandType = CommandType.ContinueAsNewWorkflowExecution,
            ContinueAsNewWorkflowExecutionCommandAttributes = new()
            {
                WorkflowType = new() { Name = rest.Length > 0 ? rest : "T" },
                Input = carried.ToInput(),
            },
        };
    }

    static Duration Seconds(int seconds) => new() { Seconds = seconds };
}
