using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>What a reset takes over, beside what the recorded cases show.</summary>
public sealed class ResetTests
{
    static ResetWorkflowExecutionRequest Reset(string id, string runId, long finish, string requestId) => new()
    {
        Namespace = "default",
        WorkflowExecution = new() { WorkflowId = id, RunId = runId },
        WorkflowTaskFinishEventId = finish,
        RequestId = requestId,
        Reason = "again",
    };

    [Fact]
    public async Task Signals_of_the_runs_that_it_continued_as_are_applied_again()
    {
        await using var engine = await StartAsync();
        var first = await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await engine.SignalAsync("one", "before");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), ContinueAsNew());
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await engine.SignalAsync("one", "after");

        await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, Reset("one", first, 4, "reset"));

        var signals = (await engine.HistoryAsync("one")).Select(one => one.WorkflowExecutionSignaledEventAttributes?.SignalName).OfType<string>();
        Assert.Equal(["before", "after"], signals);
    }

    [Fact]
    public async Task An_accepted_update_is_admitted_again_and_given_to_the_worker_once_more()
    {
        await using var engine = await StartAsync();
        var first = await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        var updated = UpdateAsync(engine);
        await WorkerAnswers.UpdateAsync(engine, await engine.PollWorkflowAsync());
        Assert.Equal("done", (await updated).Outcome.Success.Payloads_[0].Data.ToStringUtf8());

        await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, Reset("one", first, 4, "reset"));
        // What is admitted in history needs no memory.
        await engine.RestartAsync();
        var again = UpdateAsync(engine);
        var task = await engine.PollWorkflowAsync();
        Assert.Equal("update", Assert.Single(task.Messages).ProtocolInstanceId);
        await WorkerAnswers.UpdateAsync(engine, task);

        Assert.Equal("done", (await again).Outcome.Success.Payloads_[0].Data.ToStringUtf8());
        var events = await engine.HistoryAsync("one");
        Assert.Equal(
            [EventType.WorkflowExecutionUpdateAdmitted, EventType.WorkflowExecutionUpdateAccepted, EventType.WorkflowExecutionUpdateCompleted],
            events.Select(one => one.EventType).Where(type => type.ToString().Contains("Update", StringComparison.Ordinal)));
        Assert.Null(events.Single(one => one.EventType == EventType.WorkflowExecutionUpdateAccepted).WorkflowExecutionUpdateAcceptedEventAttributes.AcceptedRequest);
    }

    [Theory]
    // Started, task scheduled, signal, task started, completed, timer started, fired, task scheduled.
    [InlineData(2, "StateRebuilder unable to Rebuild mutable state to event ID: 1, version: 0, this event must be at the boundary")]
    [InlineData(6, "StateRebuilder unable to Rebuild mutable state to event ID: 5, version: 0, this event must be at the boundary")]
    [InlineData(7, "Can only reset workflow to event ID in range [WorkflowTaskScheduled +1, WorkflowTaskStarted + 1]: 7")]
    [InlineData(8, "StateRebuilder unable to Rebuild mutable state to event ID: 7, version: 0, this event must be at the boundary")]
    public async Task A_point_without_a_task_is_refused_with_what_is_wrong_with_it(long finish, string message)
    {
        await using var engine = await StartAsync();
        var run = await WithTimerAsync(engine);

        var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, Reset("one", run, finish, "reset")));

        Assert.Equal((RpcStatus.InvalidArgument, message), (refused.Status, refused.Message));
    }

    [Fact]
    public async Task A_point_behind_what_came_while_a_task_was_due_keeps_that()
    {
        await using var engine = await StartAsync();
        var run = await WithTimerAsync(engine);

        await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, Reset("one", run, 4, "reset"));

        Assert.Equal(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowExecutionSignaled WorkflowTaskStarted WorkflowTaskFailed WorkflowTaskScheduled",
            await engine.TypesAsync("one"));
    }

    static async Task<string> WithTimerAsync(EngineUnderTest engine)
    {
        var run = await engine.StartWorkflowAsync("one");
        await engine.SignalAsync("one", "early");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("soon", TimeSpan.FromSeconds(5)));
        await engine.AdvanceAsync(TimeSpan.FromSeconds(5));
        return run;
    }

    [Fact]
    public async Task Changed_options_are_applied_again_and_nothing_is_when_everything_is_excluded()
    {
        await using var engine = await StartAsync();
        var run = await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await engine.StartWorkflowAsync("one", start =>
        {
            start.WorkflowIdConflictPolicy = WorkflowIdConflictPolicy.UseExisting;
            start.OnConflictOptions = new() { AttachRequestId = true };
        });

        await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, Reset("one", run, 4, "reset"));
        Assert.EndsWith("WorkflowTaskFailed WorkflowExecutionOptionsUpdated WorkflowTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);

        var nothing = Reset("one", run, 4, "again");
        nothing.ResetReapplyExcludeTypes.AddRange(System.Enum.GetValues<ResetReapplyExcludeType>());
        await engine.CallAsync(WorkflowServiceMethods.ResetWorkflowExecution, nothing);
        Assert.EndsWith("WorkflowTaskFailed WorkflowTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);
    }

    static Task<UpdateWorkflowExecutionResponse> UpdateAsync(EngineUnderTest engine) => engine.CallAsync(WorkflowServiceMethods.UpdateWorkflowExecution, new()
    {
        Namespace = "default",
        WorkflowExecution = new() { WorkflowId = "one" },
        WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
        Request = new() { Meta = new() { UpdateId = "update" }, Input = new() { Name = "change" } },
    });

    static Command ContinueAsNew() => new()
    {
        CommandType = CommandType.ContinueAsNewWorkflowExecution,
        ContinueAsNewWorkflowExecutionCommandAttributes = new() { WorkflowType = new() { Name = "type" }, TaskQueue = new() { Name = Queue } },
    };
}
