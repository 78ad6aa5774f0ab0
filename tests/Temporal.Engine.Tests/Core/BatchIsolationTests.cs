using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Engine.Tests;

/// <summary>Commands of one batch share a commit; a broken one must not cost the others what they have in memory only.</summary>
public sealed class BatchIsolationTests
{
    static readonly RpcFailure Broken = new(RpcStatus.InvalidArgument, "broken");

    [Fact]
    public async Task A_refused_command_leaves_another_workflows_speculative_task_alone()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await StartWaitingAsync(engine, "updated");
        await StartWaitingAsync(engine, "broken");
        var update = engine.CallAsync(UpdateWorkflowExecution, new()
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = "updated" },
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
            Request = new() { Meta = new() { UpdateId = "u" }, Input = new() { Name = "change" } },
        });
        var task = await engine.PollWorkflowAsync();
        Assert.Single(task.Messages);

        var (first, second) = await InOneBatchAsync(
            engine,
            tx => Open(tx, "updated").TouchSide(tx),
            tx =>
            {
                Open(tx, "broken").TouchSide(tx);
                throw Broken;
            });

        await first;
        await Assert.ThrowsAsync<RpcFailure>(() => second);
        Assert.True(await engine.Engine.Loop.RunAsync(tx => Open(tx, "updated").Task is { IsSpeculative: true, IsStarted: true }));
        Assert.False(update.IsCompleted);
    }

    [Fact]
    public async Task A_refused_command_takes_its_own_changes_back()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await StartWaitingAsync(engine, "broken");

        var (first, second) = await InOneBatchAsync(
            engine,
            _ => { },
            tx =>
            {
                SignalRules.Signal(tx, Open(tx, "broken"), new() { SignalName = "never" }, "", []);
                throw Broken;
            });
        await first;
        await Assert.ThrowsAsync<RpcFailure>(() => second);
        await engine.SignalAsync("broken", "later");

        var task = await engine.PollWorkflowAsync();
        Assert.Equal(["later"], SignalsOf(task));
    }

    [Fact]
    public async Task A_refused_command_on_a_workflow_that_the_batch_changed_before_keeps_the_earlier_change()
    {
        await using var engine = await EngineUnderTest.StartAsync();
        await StartWaitingAsync(engine, "both");

        var (first, second) = await InOneBatchAsync(
            engine,
            tx => SignalRules.Signal(tx, Open(tx, "both"), new() { SignalName = "kept" }, "", []),
            tx =>
            {
                SignalRules.Signal(tx, Open(tx, "both"), new() { SignalName = "never" }, "", []);
                throw Broken;
            });
        await first;
        await Assert.ThrowsAsync<RpcFailure>(() => second);

        var task = await engine.PollWorkflowAsync();
        Assert.Equal(["kept"], SignalsOf(task));
    }

    /// <summary>Both wait in the loop's queue before it takes the first one, so they are one batch.</summary>
    static async Task<(Task First, Task Second)> InOneBatchAsync(
        EngineUnderTest engine, Action<EngineTransaction> first, Action<EngineTransaction> second)
    {
        using var taken = new ManualResetEventSlim();
        using var queued = new ManualResetEventSlim();
        var holding = engine.Engine.Loop.RunAsync(_ =>
        {
            taken.Set();
            queued.Wait(TimeSpan.FromSeconds(20));
        });
        Assert.True(taken.Wait(TimeSpan.FromSeconds(20)));
        var both = (engine.Engine.Loop.RunAsync(first), engine.Engine.Loop.RunAsync(second));
        queued.Set();
        await holding;
        return both;
    }

    static WorkflowRun Open(EngineTransaction tx, string workflowId) =>
        tx.State.Workflows.FindOpen(tx.State.Namespaces.Get("default").Id, workflowId) ?? throw new InvalidOperationException($"{workflowId} is not open.");

    static async Task StartWaitingAsync(EngineUnderTest engine, string workflowId)
    {
        await engine.StartWorkflowAsync(workflowId);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), new Command
        {
            CommandType = CommandType.StartTimer,
            StartTimerCommandAttributes = new() { TimerId = "t", StartToFireTimeout = new() { Seconds = 1000 } },
        });
    }

    static IEnumerable<string> SignalsOf(Temporalio.Api.WorkflowService.V1.PollWorkflowTaskQueueResponse task) =>
        task.History.Events
            .Where(one => one.EventType == EventType.WorkflowExecutionSignaled)
            .Select(one => one.WorkflowExecutionSignaledEventAttributes.SignalName);
}
