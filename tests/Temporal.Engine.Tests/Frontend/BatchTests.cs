using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Engine.Tests;

public sealed class BatchTests
{
    [Fact]
    public async Task A_batch_by_query_takes_what_matches_and_nothing_else()
    {
        await using var engine = await RunningEngine.StartAsync();
        foreach (var (id, type) in new[] { ("a", "Old"), ("b", "Old"), ("c", "New") })
            await engine.CallAsync(StartWorkflowExecution, AWorkflow(id, type));

        await engine.CallAsync(StartBatchOperation, ATermination("job", "WorkflowType = 'Old'"));
        var done = await EndOfAsync(engine, "job");

        Assert.Equal((BatchOperationState.Completed, 2L, 2L, 0L), (done.State, done.TotalOperationCount, done.CompleteOperationCount, done.FailureOperationCount));
        Assert.Equal(BatchOperationType.TerminateWorkflow, done.OperationType);
        Assert.Equal(WorkflowExecutionStatus.Terminated, await StatusOfAsync(engine, "a"));
        Assert.Equal(WorkflowExecutionStatus.Running, await StatusOfAsync(engine, "c"));
    }

    [Fact]
    public async Task What_cannot_be_done_to_one_workflow_is_counted_and_the_others_go_on()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(StartWorkflowExecution, AWorkflow("there", "Any"));
        var request = ATermination("job", "");
#pragma warning disable CS0612 // What the UI sends.
        request.Executions.Add(new Temporalio.Api.Common.V1.WorkflowExecution { WorkflowId = "ghost" });
        request.Executions.Add(new Temporalio.Api.Common.V1.WorkflowExecution { WorkflowId = "there" });
#pragma warning restore CS0612

        await engine.CallAsync(StartBatchOperation, request);
        var done = await EndOfAsync(engine, "job");

        Assert.Equal((2L, 1L, 1L), (done.TotalOperationCount, done.CompleteOperationCount, done.FailureOperationCount));
        Assert.Equal(WorkflowExecutionStatus.Terminated, await StatusOfAsync(engine, "there"));
    }

    [Fact]
    public async Task A_namespace_runs_one_batch_at_a_time_and_a_stopped_one_has_failed()
    {
        await using var engine = await RunningEngine.StartAsync();
        for (var i = 0; i < 3; i++)
            await engine.CallAsync(StartWorkflowExecution, AWorkflow($"w{i}", "Any"));
        var slow = ATermination("slow", "WorkflowType = 'Any'");
        slow.MaxOperationsPerSecond = 0.001f;
        await engine.CallAsync(StartBatchOperation, slow);

        var second = await engine.FailAsync(StartBatchOperation, ATermination("second", "WorkflowType = 'Any'"));
        await engine.CallAsync(StopBatchOperation, new() { Namespace = "default", JobId = "slow", Reason = "enough" });

        Assert.Equal(RpcStatus.ResourceExhausted, second.Status);
        Assert.Equal(ResourceExhaustedCause.ConcurrentLimit, second.Detail<ResourceExhaustedFailure>()?.Cause);
        Assert.Equal(BatchOperationState.Failed, (await EndOfAsync(engine, "slow")).State);
        await engine.CallAsync(StartBatchOperation, ATermination("second", "WorkflowType = 'Any'"));
    }

    [Fact]
    public async Task A_batch_that_a_restart_interrupts_goes_on_afterwards()
    {
        await using var engine = await RunningEngine.StartAsync();
        for (var i = 0; i < 3; i++)
            await engine.CallAsync(StartWorkflowExecution, AWorkflow($"w{i}", "Any"));
        var slow = ATermination("slow", "WorkflowType = 'Any'");
        slow.MaxOperationsPerSecond = 2;
        await engine.CallAsync(StartBatchOperation, slow);

        await engine.RestartAsync();

        Assert.Equal(BatchOperationState.Completed, (await EndOfAsync(engine, "slow")).State);
        for (var i = 0; i < 3; i++)
            Assert.Equal(WorkflowExecutionStatus.Terminated, await StatusOfAsync(engine, $"w{i}"));
    }

    [Fact]
    public async Task A_deleted_namespace_takes_its_open_workflows_with_it()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(RegisterNamespace, new() { Namespace = "orders", WorkflowExecutionRetentionPeriod = Duration.FromTimeSpan(TimeSpan.FromDays(1)) });
        var workflow = AWorkflow("open", "Any");
        workflow.Namespace = "orders";
        await engine.CallAsync(StartWorkflowExecution, workflow);

        var deleted = await engine.CallAsync(OperatorServiceMethods.DeleteNamespace, new() { Namespace = "orders" });

        await Eventually.IsTrue(
            async () =>
            {
                var all = await engine.CallAsync(ListNamespaces, new() { PageSize = 1000, NamespaceFilter = new() { IncludeDeleted = true } });
                return all.Namespaces.All(found => found.NamespaceInfo.Name != deleted.DeletedNamespace);
            },
            $"{deleted.DeletedNamespace} is gone");
        await engine.RestartAsync();
    }

    static async Task<DescribeBatchOperationResponse> EndOfAsync(RunningEngine engine, string jobId)
    {
        var found = new DescribeBatchOperationResponse();
        await Eventually.IsTrue(
            async () =>
            {
                found = await engine.CallAsync(DescribeBatchOperation, new() { Namespace = "default", JobId = jobId });
                return found.State != BatchOperationState.Running;
            },
            $"batch {jobId} has ended");
        return found;
    }

    static async Task<WorkflowExecutionStatus> StatusOfAsync(RunningEngine engine, string workflowId)
    {
        var found = await engine.CallAsync(DescribeWorkflowExecution, new() { Namespace = "default", Execution = new() { WorkflowId = workflowId } });
        return found.WorkflowExecutionInfo.Status;
    }

    static StartBatchOperationRequest ATermination(string jobId, string query) => new()
    {
        Namespace = "default",
        JobId = jobId,
        Reason = "test",
        VisibilityQuery = query,
        TerminationOperation = new(),
    };

    static StartWorkflowExecutionRequest AWorkflow(string id, string type) => new()
    {
        Namespace = "default",
        WorkflowId = id,
        WorkflowType = new() { Name = type },
        TaskQueue = new() { Name = "queue" },
    };
}
