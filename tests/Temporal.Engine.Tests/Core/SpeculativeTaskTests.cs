using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests;

/// <summary>Workflow tasks that were made for an update only: nothing that waits for them may be lost with them.</summary>
public sealed class SpeculativeTaskTests
{
    static async Task<EngineUnderTest> WithUpdateAsync()
    {
        var engine = await EngineUnderTest.StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await UpdateIsWaitingAsync(engine);
        return engine;
    }

    static async Task UpdateIsWaitingAsync(EngineUnderTest engine)
    {
        _ = UpdateAsync(engine);
        await Eventually.IsTrue(
            () => engine.Engine.Loop.RunAsync(tx =>
                tx.State.Workflows.FindOpen(tx.State.Namespaces.Get("default").Id, "one")!.Task is { IsSpeculative: true }),
            "the update has its task");
    }

    // Its answer is lost with the engine; its caller would ask again.
    static async Task UpdateAsync(EngineUnderTest engine)
    {
        try
        {
            await engine.CallAsync(WorkflowServiceMethods.UpdateWorkflowExecution, new UpdateWorkflowExecutionRequest
            {
                Namespace = "default",
                WorkflowExecution = new() { WorkflowId = "one" },
                Request = new() { Meta = new() { UpdateId = "update" }, Input = new() { Name = "change" } },
            });
        }
        catch (RpcFailure failure) when (failure.Status is RpcStatus.Unavailable or RpcStatus.Cancelled)
        {
        }
    }

    [Fact]
    public async Task A_signal_wakes_the_workflow_after_a_restart_although_only_an_update_had_asked_for_the_task()
    {
        await using var engine = await WithUpdateAsync();
        await engine.SignalAsync("one", "go");

        await engine.RestartAsync();

        Assert.EndsWith("WorkflowTaskCompleted WorkflowTaskScheduled WorkflowExecutionSignaled", await engine.TypesAsync("one"), StringComparison.Ordinal);
        var task = await engine.PollWorkflowAsync();
        Assert.Equal("go", task.History.Events[5].WorkflowExecutionSignaledEventAttributes.SignalName);
    }

    [Fact]
    public async Task A_signal_that_waits_for_the_end_of_such_a_task_is_shown_after_a_restart()
    {
        await using var engine = await WithUpdateAsync();
        await engine.PollWorkflowAsync();
        await engine.SignalAsync("one", "go");

        await engine.RestartAsync();
        // The worker that had the task is gone.
        await engine.AdvanceAsync(TimeSpan.FromSeconds(11));

        Assert.EndsWith(
            "WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskTimedOut WorkflowExecutionSignaled WorkflowTaskScheduled",
            await engine.TypesAsync("one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_such_a_task_of_before_a_restart_is_not_taken_for_one_to_the_next()
    {
        await using var engine = await WithUpdateAsync();
        var before = await engine.PollWorkflowAsync();
        await engine.RestartAsync();
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        await UpdateIsWaitingAsync(engine);
        await engine.PollWorkflowAsync();

        var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.CompleteTaskAsync(before));

        Assert.Equal((RpcStatus.NotFound, "Workflow task not found."), (refused.Status, refused.Message));
    }
}
