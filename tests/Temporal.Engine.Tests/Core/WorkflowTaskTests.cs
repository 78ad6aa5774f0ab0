using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

public sealed class WorkflowTaskTests
{
    static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_workflow_runs_from_start_to_end()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");

        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());

        Assert.Equal(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionCompleted",
            await engine.TypesAsync("one"));
        Assert.Equal(WorkflowExecutionStatus.Completed, (await engine.DescribeAsync("one")).WorkflowExecutionInfo.Status);
        Assert.Equal(0, engine.Engine.State.Workflows.OpenCount);
    }

    [Fact]
    public async Task A_task_that_is_not_answered_is_given_out_again_and_only_its_first_attempt_is_history()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var late = await engine.PollWorkflowAsync();

        await engine.AdvanceAsync(TimeSpan.FromSeconds(11));
        await engine.PollWorkflowAsync();
        await engine.AdvanceAsync(TimeSpan.FromSeconds(11));
        var third = await engine.PollWorkflowAsync();

        Assert.Equal(3, third.Attempt);
        var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.CompleteTaskAsync(late, Complete()));
        Assert.Equal("Workflow task not found.", refused.Message);
        await engine.CompleteTaskAsync(third, Complete());
        Assert.Equal(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskTimedOut " +
            "WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionCompleted",
            await engine.TypesAsync("one"));
    }

    [Fact]
    public async Task A_signal_during_a_task_waits_for_its_end_and_keeps_the_workflow_from_ending()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var task = await engine.PollWorkflowAsync();
        await engine.SignalAsync("one", "news");

        var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.CompleteTaskAsync(task, Complete()));

        Assert.Equal("UnhandledCommand", refused.Message);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());
        Assert.Equal(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskFailed WorkflowExecutionSignaled " +
            "WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted WorkflowExecutionCompleted",
            await engine.TypesAsync("one"));
    }

    [Fact]
    public async Task A_bad_command_takes_back_what_the_commands_before_it_did()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");

        var refused = await Assert.ThrowsAsync<RpcFailure>(async () =>
            await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("a", TimeSpan.FromSeconds(5)), Timer("a", TimeSpan.FromSeconds(5))));

        Assert.Equal(RpcStatus.InvalidArgument, refused.Status);
        Assert.DoesNotContain("TimerStarted", await engine.TypesAsync("one"), StringComparison.Ordinal);
        var next = await engine.PollWorkflowAsync();
        Assert.Equal(2, next.Attempt);
    }

    [Fact]
    public async Task A_timer_fires_when_the_clock_says_so_and_not_before()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("a", TimeSpan.FromHours(5)));

        await engine.AdvanceAsync(TimeSpan.FromHours(5) - TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("TimerFired", await engine.TypesAsync("one"), StringComparison.Ordinal);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.EndsWith("TimerStarted TimerFired WorkflowTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poll_that_finds_nothing_ends_empty_before_its_deadline()
    {
        await using var engine = await StartAsync();

        var poll = await engine.WaitingAsync(engine.PollWorkflowAsync(), TaskQueueType.Workflow);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.False(poll.IsCompleted);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(59));

        var answer = await poll.WaitAsync(TimeSpan.FromSeconds(20), None);
        Assert.True(answer.TaskToken.IsEmpty);
    }

    [Fact]
    public async Task A_worker_whose_own_queue_was_not_polled_lately_still_gets_what_it_has_in_its_cache()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, new()
        {
            Namespace = "default",
            TaskToken = (await engine.PollWorkflowAsync()).TaskToken,
            StickyAttributes = new() { WorkerTaskQueue = new() { Name = "own" }, ScheduleToStartTimeout = new() { Seconds = 10 } },
        });
        await engine.SignalAsync("one", "news");

        var task = await engine.CallAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue,
            new() { Namespace = "default", TaskQueue = new() { Name = "own", Kind = TaskQueueKind.Sticky, NormalName = Queue }, Identity = "worker" });

        Assert.Equal(4, task.History.Events[0].EventId);
        // And nobody else gets it as well.
        var other = await engine.WaitingAsync(engine.PollWorkflowAsync(), TaskQueueType.Workflow);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.False(other.IsCompleted);
    }
}
