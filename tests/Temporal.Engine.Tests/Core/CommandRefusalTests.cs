using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>What workers hear about commands that cannot be carried out, in the real server's words.</summary>
public sealed class CommandRefusalTests
{
    static readonly string TooLong = new('x', 1001);

    public static TheoryData<CommandType, string> Bare => new()
    {
        { CommandType.ScheduleActivityTask, "BadScheduleActivityAttributes: ScheduleActivityTaskCommandAttributes is not set on ScheduleActivityTaskCommand." },
        { CommandType.RequestCancelActivityTask, "BadRequestCancelActivityAttributes: RequestCancelActivityTaskCommandAttributes is not set on RequestCancelActivityTaskCommand." },
        { CommandType.RecordMarker, "BadRecordMarkerAttributes: RecordMarkerCommandAttributes is not set on RecordMarkerCommand." },
        { CommandType.UpsertWorkflowSearchAttributes, "BadSearchAttributes: UpsertWorkflowSearchAttributesCommandAttributes is not set on UpsertWorkflowSearchAttributesCommand." },
        { CommandType.ModifyWorkflowProperties, "BadModifyWorkflowPropertiesAttributes: ModifyWorkflowPropertiesCommandAttributes is not set on ModifyWorkflowPropertiesCommand." },
        { CommandType.FailWorkflowExecution, "BadFailWorkflowExecutionAttributes: FailWorkflowExecutionCommandAttributes is not set on FailWorkflowExecutionCommand." },
        { CommandType.SignalExternalWorkflowExecution, "BadSignalWorkflowExecutionAttributes: SignalExternalWorkflowExecutionCommandAttributes is not set on SignalExternalWorkflowExecutionCommand." },
        { CommandType.ProtocolMessage, "BadUpdateWorkflowExecutionMessage: ProtocolMessageCommandAttributes is not set on ProtocolMessageCommand." },
        { CommandType.ContinueAsNewWorkflowExecution, "BadContinueAsNewAttributes: ContinueAsNewWorkflowExecutionCommandAttributes is not set on ContinueAsNewWorkflowExecutionCommand." },
    };

    [Theory]
    [MemberData(nameof(Bare))]
    public Task A_command_without_its_attributes_is_refused(CommandType type, string why) => RefusesAsync(new() { CommandType = type }, why);

    [Fact]
    public Task The_length_of_an_id_is_that_of_its_bytes()
    {
        var id = new string('é', 501);
        return RefusesAsync(
            new() { CommandType = CommandType.StartTimer, StartTimerCommandAttributes = new() { TimerId = id } },
            $"BadStartTimerAttributes: TimerId on StartTimerCommand exceeds length limit. TimerId={id} Length=1002 Limit=1000");
    }

    [Theory]
    [InlineData("", "missing task queue name")]
    [InlineData("/_sys/queue/1", "task queue name cannot start with reserved prefix /_sys/")]
    [InlineData("temporal-sys-per-ns-tq", "cannot use internal per-namespace task queue:temporal-sys-per-ns-tq (in parent component task queue: " + Queue + ")")]
    public Task An_activity_needs_a_task_queue_of_the_users(string queue, string why) => RefusesAsync(
        new() { CommandType = CommandType.ScheduleActivityTask, ScheduleActivityTaskCommandAttributes = new() { TaskQueue = new() { Name = queue } } },
        $"BadScheduleActivityAttributes: {why}");

    [Fact]
    public Task A_negative_priority_of_an_activity_is_refused()
    {
        var activity = Activity("one");
        activity.ScheduleActivityTaskCommandAttributes.Priority = new() { PriorityKey = -1 };
        return RefusesAsync(activity, "BadScheduleActivityAttributes: invalid priorities: priority key can't be negative");
    }

    [Fact]
    public Task A_child_with_a_name_that_is_too_long_is_refused_with_all_of_its_names() => RefusesAsync(
        Child(child => child.WorkflowType = new() { Name = TooLong }),
        "BadStartChildExecutionAttributes: WorkflowType on StartChildWorkflowExecutionCommand exceeds length limit. "
            + $"WorkflowId=child WorkflowType={TooLong} Length=1001 Limit=1000 Namespace=default");

    [Fact]
    public Task A_child_on_a_reserved_task_queue_is_refused() => RefusesAsync(
        Child(child => child.TaskQueue = new() { Name = "/_sys/queue/1" }),
        "BadStartChildExecutionAttributes: invalid TaskQueue on StartChildWorkflowExecutionCommand: task queue name cannot start with reserved prefix /_sys/. "
            + "WorkflowId=child WorkflowType=child Namespace=default TaskQueue=name:\"/_sys/queue/1\"  kind:TASK_QUEUE_KIND_NORMAL");

    [Fact]
    public Task A_signal_to_an_id_that_is_too_long_is_refused_with_its_target() => RefusesAsync(
        new()
        {
            CommandType = CommandType.SignalExternalWorkflowExecution,
            SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = TooLong }, SignalName = "news" },
        },
        "BadSignalWorkflowExecutionAttributes: WorkflowId on SignalExternalWorkflowExecutionCommand exceeds length limit. "
            + $"WorkflowId={TooLong} Length=1001 Limit=1000 Namespace= RunId= SignalName=news");

    [Fact]
    public Task The_retry_policy_of_a_next_run_is_checked_with_its_defaults() => RefusesAsync(
        Next(next => next.RetryPolicy = new() { InitialInterval = new() { Seconds = 10 }, MaximumInterval = new() { Seconds = 5 } }),
        "BadContinueAsNewAttributes: invalid WorkflowRetryPolicy on ContinueAsNewWorkflowExecutionCommand: "
            + "MaximumInterval cannot be less than InitialInterval on retry policy.. "
            + "WorkflowType=type TaskQueue=name:\"" + Queue + "\"  kind:TASK_QUEUE_KIND_NORMAL");

    [Fact]
    public Task A_negative_pause_before_a_next_run_is_refused() => RefusesAsync(
        Next(next => next.BackoffStartInterval = new Duration { Seconds = -1 }),
        "BadContinueAsNewAttributes: Invalid BackoffStartInterval on ContinueAsNewWorkflowExecutionCommand: negative duration. "
            + "WorkflowType=type TaskQueue=name:\"" + Queue + "\"  kind:TASK_QUEUE_KIND_NORMAL");

    [Fact]
    public async Task A_next_run_with_a_retry_policy_of_one_field_gets_the_defaults()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Next(next => next.RetryPolicy = new() { MaximumAttempts = 3 }));

        var policy = (await engine.HistoryAsync("one"))[0].WorkflowExecutionStartedEventAttributes.RetryPolicy;
        Assert.Equal((3, 2.0, 1L, 100L), (policy.MaximumAttempts, policy.BackoffCoefficient, policy.InitialInterval.Seconds, policy.MaximumInterval.Seconds));
    }

    [Fact]
    public async Task Times_of_more_than_a_hundred_years_are_cut()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one", start =>
        {
            start.WorkflowRunTimeout = new() { Seconds = 10_000_000_000 };
            start.RetryPolicy = new() { InitialInterval = new() { Seconds = 50_000_000_000 } };
        });

        var started = (await engine.HistoryAsync("one"))[0].WorkflowExecutionStartedEventAttributes;
        Assert.Equal(3_153_600_000, started.WorkflowRunTimeout.Seconds);
        Assert.Equal(3_153_600_000, started.RetryPolicy.MaximumInterval.Seconds);
    }

    static Command Child(Action<StartChildWorkflowExecutionCommandAttributes> change)
    {
        var child = new StartChildWorkflowExecutionCommandAttributes { WorkflowId = "child", WorkflowType = new() { Name = "child" } };
        change(child);
        return new() { CommandType = CommandType.StartChildWorkflowExecution, StartChildWorkflowExecutionCommandAttributes = child };
    }

    static Command Next(Action<ContinueAsNewWorkflowExecutionCommandAttributes> change)
    {
        var next = new ContinueAsNewWorkflowExecutionCommandAttributes();
        change(next);
        return new() { CommandType = CommandType.ContinueAsNewWorkflowExecution, ContinueAsNewWorkflowExecutionCommandAttributes = next };
    }

    static async Task RefusesAsync(Command command, string why)
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");

        var refused = await Assert.ThrowsAsync<RpcFailure>(async () => await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), command));

        Assert.Equal((RpcStatus.InvalidArgument, why), (refused.Status, refused.Message));
        Assert.EndsWith("WorkflowTaskFailed WorkflowTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);
    }
}
