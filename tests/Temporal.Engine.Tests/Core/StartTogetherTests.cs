using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>Starts that bring an update or a signal along, on an id that was used before.</summary>
public sealed class StartTogetherTests
{
    static Task<ExecuteMultiOperationResponse> UpdateWithStartAsync(EngineUnderTest engine, WorkflowIdConflictPolicy policy) =>
        engine.CallAsync(WorkflowServiceMethods.ExecuteMultiOperation, new()
        {
            Namespace = "default",
            Operations =
            {
                new ExecuteMultiOperationRequest.Types.Operation
                {
                    StartWorkflow = new()
                    {
                        Namespace = "default",
                        WorkflowId = "one",
                        WorkflowType = new() { Name = "type" },
                        TaskQueue = new() { Name = Queue },
                        RequestId = Guid.NewGuid().ToString(),
                        WorkflowIdConflictPolicy = policy,
                    },
                },
                new ExecuteMultiOperationRequest.Types.Operation
                {
                    UpdateWorkflow = new()
                    {
                        Namespace = "default",
                        WorkflowExecution = new() { WorkflowId = "one" },
                        WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
                        Request = new() { Meta = new() { UpdateId = "update" }, Input = new() { Name = "change" } },
                    },
                },
            },
        });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_update_that_is_completed_is_answered_again_and_starts_nothing(bool closed)
    {
        await using var engine = await StartAsync();
        var first = UpdateWithStartAsync(engine, WorkflowIdConflictPolicy.Fail);
        await WorkerAnswers.UpdateAsync(engine, await engine.PollWorkflowAsync());
        var run = (await first).Responses[0].StartWorkflow.RunId;
        if (closed)
        {
            await engine.SignalAsync("one", "end");
            await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());
        }

        var again = await UpdateWithStartAsync(engine, WorkflowIdConflictPolicy.Fail);

        Assert.Equal((run, false), (again.Responses[0].StartWorkflow.RunId, again.Responses[0].StartWorkflow.Started));
        Assert.Equal("done", again.Responses[1].UpdateWorkflow.Outcome.Success.Payloads_[0].Data.ToStringUtf8());
    }

    [Fact]
    public async Task An_update_that_its_run_ended_without_looking_at_starts_another_run()
    {
        await using var engine = await StartAsync();
        var first = await engine.StartWorkflowAsync("one");
        var task = await engine.PollWorkflowAsync();
        var updated = UpdateWithStartAsync(engine, WorkflowIdConflictPolicy.UseExisting);
        await Eventually.IsTrue(
            () => engine.Engine.Loop.RunAsync(tx => tx.State.Workflows.FindOpen(tx.State.Namespaces.Get("default").Id, "one")!.Updates.HasAny),
            "the update waits");
        await engine.CallAsync(WorkflowServiceMethods.TerminateWorkflowExecution, new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = "one" } });

        await WorkerAnswers.UpdateAsync(engine, await engine.PollWorkflowAsync());

        var started = (await updated).Responses[0].StartWorkflow;
        Assert.True(started.Started);
        Assert.NotEqual(first, started.RunId);
        Assert.NotEqual(task.WorkflowExecution.RunId, started.RunId);
    }

    [Fact]
    public async Task The_same_signal_with_start_sent_after_the_end_starts_another_run()
    {
        await using var engine = await StartAsync();
        var request = new SignalWithStartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = "one",
            WorkflowType = new() { Name = "type" },
            TaskQueue = new() { Name = Queue },
            RequestId = "request",
            SignalName = "go",
        };
        var first = await engine.CallAsync(WorkflowServiceMethods.SignalWithStartWorkflowExecution, request.Clone());
        var repeated = await engine.CallAsync(WorkflowServiceMethods.SignalWithStartWorkflowExecution, request.Clone());
        Assert.Equal((first.RunId, false), (repeated.RunId, repeated.Started));
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());

        var second = await engine.CallAsync(WorkflowServiceMethods.SignalWithStartWorkflowExecution, request.Clone());

        Assert.True(second.Started);
        Assert.NotEqual(first.RunId, second.RunId);
        request.WorkflowIdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate;
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());
        var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.CallAsync(WorkflowServiceMethods.SignalWithStartWorkflowExecution, request));
        Assert.Equal(RpcStatus.AlreadyExists, refused.Status);
        Assert.Equal(WorkflowExecutionAlreadyStartedFailure.Descriptor.FullName, Google.Protobuf.WellKnownTypes.Any.GetTypeName(Assert.Single(refused.Details).TypeUrl));
    }
}
