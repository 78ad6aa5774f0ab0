using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>Open runs in which nothing is under way leave memory, and nobody can tell.</summary>
public sealed class RestingTests
{
    static readonly TimeSpan AWhile = TimeSpan.FromSeconds(6);

    /// <summary>A run that has done its first task and waits for a signal and a timer.</summary>
    static async Task<EngineUnderTest> WithWaitingRunAsync()
    {
        var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("timer", TimeSpan.FromHours(1)));
        return engine;
    }

    static Task<int> InMemoryAsync(EngineUnderTest engine) => engine.Engine.Loop.RunAsync(tx => tx.State.Workflows.InMemoryCount);

    static async Task RestAsync(EngineUnderTest engine)
    {
        await engine.AdvanceAsync(AWhile);
        Assert.Equal((0, 1), (await InMemoryAsync(engine), engine.Engine.State.Workflows.OpenCount));
    }

    [Fact]
    public async Task A_run_that_waits_leaves_memory_and_is_the_same_when_it_is_asked_for()
    {
        await using var engine = await WithWaitingRunAsync();
        var before = await engine.Engine.Loop.RunAsync(tx => tx.State.Workflows.Open.Single().Dump());

        await RestAsync(engine);

        Assert.Equal(before, await engine.Engine.Loop.RunAsync(tx => tx.State.Workflows.Open.Single().Dump()));
        Assert.Equal(1, await InMemoryAsync(engine));
    }

    [Fact]
    public async Task A_signal_wakes_it_and_it_rests_again()
    {
        await using var engine = await WithWaitingRunAsync();
        await RestAsync(engine);

        await engine.SignalAsync("one", "news");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());

        Assert.EndsWith(
            "TimerStarted WorkflowExecutionSignaled WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskCompleted",
            await engine.TypesAsync("one"), StringComparison.Ordinal);
        await RestAsync(engine);
    }

    [Fact]
    public async Task A_timer_of_a_run_at_rest_fires_in_time()
    {
        await using var engine = await WithWaitingRunAsync();
        await RestAsync(engine);

        await engine.AdvanceAsync(TimeSpan.FromHours(1));

        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());
        Assert.Equal(0, engine.Engine.State.Workflows.OpenCount);
        Assert.Contains("TimerFired", await engine.TypesAsync("one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_reads_no_history_of_a_run_that_waits_and_its_timer_fires_all_the_same()
    {
        await using var engine = await WithWaitingRunAsync();
        await engine.RestartAsync();
        Assert.Equal((0, 1), (await InMemoryAsync(engine), engine.Engine.State.Workflows.OpenCount));

        await engine.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Contains("TimerFired", await engine.TypesAsync("one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_with_a_task_or_an_activity_stays_in_memory()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("task");
        await engine.StartWorkflowAsync("activity");
        var tasks = new[] { await engine.PollWorkflowAsync(), await engine.PollWorkflowAsync() };
        await engine.CompleteTaskAsync(tasks[1], Activity("a", attributes => attributes.StartToCloseTimeout = new() { Seconds = 600 }));
        await engine.PollActivityAsync();

        await engine.AdvanceAsync(AWhile);

        Assert.Equal(2, await InMemoryAsync(engine));
        await engine.CompleteTaskAsync(tasks[0], Complete());
    }

    [Fact]
    public async Task A_run_that_a_caller_waits_for_stays_in_memory_until_it_is_answered()
    {
        await using var engine = await WithWaitingRunAsync();
        var asked = engine.CallAsync(WorkflowServiceMethods.QueryWorkflow, new QueryWorkflowRequest
        {
            Namespace = "default", Execution = new() { WorkflowId = "one" }, Query = new() { QueryType = "state" },
        });
        var task = await engine.PollWorkflowAsync();
        await engine.AdvanceAsync(AWhile);
        Assert.Equal(1, await InMemoryAsync(engine));

        await engine.CallAsync(WorkflowServiceMethods.RespondQueryTaskCompleted, new()
        {
            Namespace = "default", TaskToken = task.TaskToken, CompletedType = QueryResultType.Answered, QueryResult = new() { Payloads_ = { PayloadValues.Json(7) } },
        });
        Assert.Equal("7", (await asked).QueryResult.Payloads_[0].Data.ToStringUtf8());

        await RestAsync(engine);
    }

    [Fact]
    public async Task A_failed_commit_to_a_run_at_rest_changes_nothing()
    {
        await using var engine = await WithWaitingRunAsync();
        await RestAsync(engine);

        engine.Store.FailWith = new IOException("disk full");
        await Assert.ThrowsAsync<RpcFailure>(() => engine.SignalAsync("one", "lost"));
        // Its timer becomes due while nothing can be written.
        await engine.AdvanceAsync(TimeSpan.FromHours(1));
        engine.Store.FailWith = null;
        await engine.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.EndsWith("TimerStarted TimerFired WorkflowTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_id_at_rest_is_still_taken()
    {
        await using var engine = await WithWaitingRunAsync();
        await RestAsync(engine);

        var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.StartWorkflowAsync("one"));

        Assert.Equal(RpcStatus.AlreadyExists, refused.Status);
    }
}
