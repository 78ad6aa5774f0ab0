using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Client;

public sealed class UpdateCallTests : IDisposable
{
    readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task An_update_is_sent_until_it_is_accepted_and_polled_until_it_ends()
    {
        var sends = 0;
        var polls = 0;
        _server.Answer(WorkflowServiceMethods.UpdateWorkflowExecution, request => new UpdateWorkflowExecutionResponse
        {
            UpdateRef = new() { UpdateId = request.Request.Meta.UpdateId, WorkflowExecution = new() { RunId = "run-1" } },
            Stage = ++sends < 2 ? UpdateWorkflowExecutionLifecycleStage.Admitted : UpdateWorkflowExecutionLifecycleStage.Accepted,
        });
        _server.Answer(WorkflowServiceMethods.PollWorkflowExecutionUpdate, request =>
        {
            Assert.Equal("run-1", request.UpdateRef.WorkflowExecution.RunId);
            return ++polls < 3
                ? new()
                : new() { Outcome = new() { Success = new() { Payloads_ = { DataConverter.Default.PayloadConverter.ToPayload("done") } } } };
        });
        var handle = (await _server.ConnectAsync()).GetWorkflowHandle("backup-1");

        Assert.Equal("done", await handle.ExecuteUpdateAsync<string>("approve", ["me"]));
        Assert.Equal((2, 3), (sends, polls));
    }

    [Fact]
    public async Task A_rejected_update_throws_when_its_result_is_asked_for()
    {
        var failure = await DataConverter.Default.ToFailureAsync(new ApplicationFailureException("not your run"));
        _server.Answer(WorkflowServiceMethods.UpdateWorkflowExecution, _ => new UpdateWorkflowExecutionResponse
        {
            Stage = UpdateWorkflowExecutionLifecycleStage.Completed,
            Outcome = new() { Failure = failure },
        });
        var handle = (await _server.ConnectAsync()).GetWorkflowHandle("backup-1");

        var update = await handle.StartUpdateAsync("approve", [], new(WorkflowUpdateStage.Completed));
        var error = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => update.GetResultAsync());

        Assert.Equal("not your run", error.InnerException?.Message);
    }

    [Fact]
    public async Task A_start_of_an_update_must_say_what_it_waits_for()
    {
        var handle = (await _server.ConnectAsync()).GetWorkflowHandle("backup-1");

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => handle.StartUpdateAsync("approve", [], new(WorkflowUpdateStage.Admitted)));

        Assert.Contains("Accepted or Completed", error.Message);
    }

    [Fact]
    public async Task An_update_with_start_gives_both_handles()
    {
        _server.Answer(WorkflowServiceMethods.ExecuteMultiOperation, request =>
        {
            Assert.Equal("lock-db", request.Operations[1].UpdateWorkflow.WorkflowExecution.WorkflowId);
            return new()
            {
                Responses =
                {
                    new ExecuteMultiOperationResponse.Types.Response { StartWorkflow = new() { RunId = "run-1" } },
                    new ExecuteMultiOperationResponse.Types.Response
                    {
                        UpdateWorkflow = new()
                        {
                            Stage = UpdateWorkflowExecutionLifecycleStage.Completed,
                            Outcome = new() { Success = new() { Payloads_ = { DataConverter.Default.PayloadConverter.ToPayload(7) } } },
                        },
                    },
                },
            };
        });
        var client = await _server.ConnectAsync();
        var start = Start();

        var fencing = await client.ExecuteUpdateWithStartWorkflowAsync<int>("acquire", ["me"], new(start));

        Assert.Equal(7, fencing);
        Assert.Equal("run-1", (await start.GetHandleAsync()).ResultRunId);
        await Assert.ThrowsAsync<ArgumentException>(
            () => client.ExecuteUpdateWithStartWorkflowAsync<int>("acquire", ["me"], new(start)));
    }

    [Fact]
    public async Task A_failed_update_with_start_throws_the_part_that_failed()
    {
        _server.Answer<ExecuteMultiOperationRequest, ExecuteMultiOperationResponse>(
            WorkflowServiceMethods.ExecuteMultiOperation,
            _ => throw RpcFailure.WithDetail(RpcStatus.AlreadyExists, "multi-operation failed", new MultiOperationExecutionFailure
            {
                Statuses =
                {
                    new MultiOperationExecutionFailure.Types.OperationStatus
                    {
                        Code = (int)RpcStatus.AlreadyExists,
                        Message = "workflow is running",
                        Details =
                        {
                            Google.Protobuf.WellKnownTypes.Any.Pack(new WorkflowExecutionAlreadyStartedFailure { RunId = "run-0" }),
                        },
                    },
                },
            }));
        var client = await _server.ConnectAsync();
        var start = Start();

        var error = await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(
            () => client.ExecuteUpdateWithStartWorkflowAsync("acquire", [], new(start)));

        Assert.Equal(("workflow is running", "run-0"), (error.Message, error.RunId));
        Assert.Same(error, await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(start.GetHandleAsync));
    }

    static WithStartWorkflowOperation<WorkflowHandle> Start() => WithStartWorkflowOperation.Create(
        "lock", [], new("lock-db", "maintenance") { IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting });
}
