using Temporal.Protocol;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

public sealed class DurabilityTests
{
    /// <summary>A run with everything that is not in its history: an attempt in backoff, a heartbeat, a timer, a buffered signal, a started task.</summary>
    static async Task<WorkflowRun> BusyRunAsync(EngineUnderTest engine)
    {
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(
            await engine.PollWorkflowAsync(), Activity("failing"), Activity("beating"), Timer("timer", TimeSpan.FromDays(3)));
        var first = await engine.PollActivityAsync();
        await engine.CallAsync(WorkflowServiceMethods.RespondActivityTaskFailed, new()
        {
            Namespace = "default",
            TaskToken = first.TaskToken,
            Failure = new() { Message = "no", ApplicationFailureInfo = new() },
        });
        var second = await engine.PollActivityAsync();
        await engine.CallAsync(WorkflowServiceMethods.RecordActivityTaskHeartbeat, new()
        {
            Namespace = "default",
            TaskToken = second.TaskToken,
            Details = new() { Payloads_ = { PayloadValues.Json(7) } },
        });
        await engine.SignalAsync("one", "news");
        await engine.PollWorkflowAsync();
        await engine.SignalAsync("one", "buffered");
        return engine.Engine.State.Workflows.Open.Single();
    }

    [Fact]
    public async Task After_a_restart_a_run_is_what_it_was()
    {
        await using var engine = await StartAsync();
        var before = (await BusyRunAsync(engine)).Dump();

        await engine.RestartAsync();

        var after = engine.Engine.State.Workflows.Open.Single().Dump();
        Assert.Equal(before, after);
        Assert.Contains("buffered", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_restart_tasks_timers_and_retries_go_on()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("waiting");
        await engine.RestartAsync();
        var task = await engine.PollWorkflowAsync();
        await engine.CompleteTaskAsync(task, Timer("timer", TimeSpan.FromMinutes(5)), Activity("a"));
        await engine.RestartAsync();

        Assert.Equal("a", (await engine.PollActivityAsync()).ActivityId);
        await engine.RestartAsync();
        await engine.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Contains("TimerFired", await engine.TypesAsync("waiting"), StringComparison.Ordinal);
        // The activity's one minute is over too: its second attempt is due after the interval.
        await engine.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, (await engine.PollActivityAsync()).Attempt);
    }

    [Fact]
    public async Task A_failed_commit_takes_back_the_change_and_the_caller_may_try_again()
    {
        await using var engine = await StartAsync();
        var before = (await BusyRunAsync(engine)).Dump();

        engine.Store.FailWith = new IOException("disk full");
        var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.SignalAsync("one", "lost"));
        var refusedStart = await Assert.ThrowsAsync<RpcFailure>(() => engine.StartWorkflowAsync("two"));
        engine.Store.FailWith = null;

        Assert.Equal(RpcStatus.Unavailable, refused.Status);
        Assert.Equal(RpcStatus.Unavailable, refusedStart.Status);
        Assert.Equal(before, engine.Engine.State.Workflows.Open.Single().Dump());
        await engine.SignalAsync("one", "kept");
        await engine.StartWorkflowAsync("two");
        Assert.Equal(2, engine.Engine.State.Workflows.OpenCount);
        Assert.Empty(engine.Fatal);
    }

    [Fact]
    public async Task A_task_whose_hand_out_could_not_be_written_is_handed_out_later_with_the_same_attempt()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");

        engine.Store.FailWith = new IOException("disk full");
        await Assert.ThrowsAsync<RpcFailure>(engine.PollWorkflowAsync);
        engine.Store.FailWith = null;

        var task = await engine.PollWorkflowAsync();
        Assert.Equal(1, task.Attempt);
        await engine.CompleteTaskAsync(task, Complete());
        Assert.Equal(5, (await engine.HistoryAsync("one")).Count);
    }

    [Fact]
    public async Task A_failed_sync_ends_the_process()
    {
        await using var engine = await StartAsync();
        engine.Store.FailureIsFatal = true;
        engine.Store.FailWith = new IOException("fsync");

        await Assert.ThrowsAsync<RpcFailure>(() => engine.StartWorkflowAsync("one"));

        Assert.Single(engine.Fatal);
        engine.Store.FailWith = null;
    }

    [Fact]
    public async Task A_second_engine_on_the_same_data_is_refused()
    {
        await using var engine = await StartAsync();

        var refused = await Assert.ThrowsAsync<EngineStartException>(() =>
            TemporalEngine.StartAsync(new() { DataDirectory = engine.Folder, Listen = null }, CancellationToken.None));

        Assert.Contains("in use by another engine", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_workflows_are_deleted_when_their_retention_is_over()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());

        await engine.AdvanceAsync(TimeSpan.FromDays(29));
        Assert.Equal(5, (await engine.HistoryAsync("one")).Count);
        await engine.AdvanceAsync(TimeSpan.FromDays(2));

        var gone = await Assert.ThrowsAsync<RpcFailure>(() => engine.HistoryAsync("one"));
        Assert.Equal(RpcStatus.NotFound, gone.Status);
    }
}
