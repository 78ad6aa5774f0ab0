using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>A workflow that is reset takes along the children that it had begun before the point of the reset.</summary>
public sealed class ResetChildrenTests
{
    static readonly Command StartChild = new()
    {
        CommandType = CommandType.StartChildWorkflowExecution,
        StartChildWorkflowExecutionCommandAttributes = new() { WorkflowId = "child", WorkflowType = new() { Name = "type" }, TaskQueue = new() { Name = "children" } },
    };

    /// <summary>A parent that has seen its child start; the end of that task is event 9.</summary>
    static async Task<EngineUnderTest> WithChildAsync()
    {
        var engine = await StartAsync();
        await engine.StartWorkflowAsync("parent");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), StartChild);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        return engine;
    }

    static async Task<string> ResetAsync(EngineUnderTest engine, long finish) =>
        (await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, new()
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = "parent" },
            WorkflowTaskFinishEventId = finish,
            RequestId = Guid.NewGuid().ToString(),
            Reason = "again",
        })).RunId;

    static async Task CompleteChildAsync(EngineUnderTest engine) =>
        await engine.CompleteTaskAsync(
            await engine.CallAsync(
                WorkflowServiceMethods.PollWorkflowTaskQueue,
                new PollWorkflowTaskQueueRequest { Namespace = "default", TaskQueue = new() { Name = "children" }, Identity = "worker" }),
            Complete());

    static async Task<IEnumerable<EventType>> ChildEventsAsync(EngineUnderTest engine) =>
        (await engine.HistoryAsync("parent")).Select(one => one.EventType).Where(type => type.ToString().Contains("Child", StringComparison.Ordinal));

    static readonly EventType[] Begun = [EventType.StartChildWorkflowExecutionInitiated, EventType.ChildWorkflowExecutionStarted];

    [Fact]
    public async Task A_child_that_goes_on_tells_the_new_run_how_it_ends_also_after_two_resets_and_a_restart()
    {
        await using var engine = await WithChildAsync();

        await ResetAsync(engine, 9);
        await ResetAsync(engine, 9);
        await engine.RestartAsync();
        Assert.Equal(WorkflowExecutionStatus.Running, (await engine.DescribeAsync("child")).WorkflowExecutionInfo.Status);
        await CompleteChildAsync(engine);

        Assert.Equal([.. Begun, EventType.ChildWorkflowExecutionCompleted], await ChildEventsAsync(engine));
        var events = await engine.HistoryAsync("parent");
        Assert.Equal(6, events[^1].ChildWorkflowExecutionCompletedEventAttributes?.StartedEventId ?? events[^2].ChildWorkflowExecutionCompletedEventAttributes.StartedEventId);
    }

    [Fact]
    public async Task The_end_of_a_child_that_came_after_the_point_is_applied_again()
    {
        await using var engine = await WithChildAsync();
        await CompleteChildAsync(engine);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());

        await ResetAsync(engine, 9);

        Assert.Equal([.. Begun, EventType.ChildWorkflowExecutionCompleted], await ChildEventsAsync(engine));
    }

    [Fact]
    public async Task A_child_that_ended_with_its_parent_is_not_waited_for()
    {
        await using var engine = await WithChildAsync();
        await engine.CallAsync(
            WorkflowServiceMethods.TerminateWorkflowExecution,
            new TerminateWorkflowExecutionRequest { Namespace = "default", WorkflowExecution = new() { WorkflowId = "parent" } });
        Assert.Equal(WorkflowExecutionStatus.Terminated, (await engine.DescribeAsync("child")).WorkflowExecutionInfo.Status);

        await ResetAsync(engine, 9);

        Assert.Equal([.. Begun, EventType.ChildWorkflowExecutionTerminated], await ChildEventsAsync(engine));
    }

    [Fact]
    public async Task A_child_that_was_begun_after_the_point_is_another_ones()
    {
        await using var engine = await WithChildAsync();

        await ResetAsync(engine, 4);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), StartChild);

        // Under the rules for ids: the old child still has it.
        Assert.Equal([EventType.StartChildWorkflowExecutionInitiated, EventType.StartChildWorkflowExecutionFailed], await ChildEventsAsync(engine));
    }

    [Fact]
    public async Task A_parent_that_was_reset_ends_its_child_with_it()
    {
        await using var engine = await WithChildAsync();
        await ResetAsync(engine, 9);

        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());

        Assert.Equal(WorkflowExecutionStatus.Terminated, (await engine.DescribeAsync("child")).WorkflowExecutionInfo.Status);
    }
}
