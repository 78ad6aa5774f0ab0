using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Worker.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Engine.Tests;

public sealed class WorkerTests
{
    [Theory]
    [InlineData("", "a b c")]
    [InlineData("TaskQueue = 'orders'", "a c")]
    [InlineData("`TaskQueue` != \"orders\"", "b")]
    [InlineData("TaskQueue = 'orders' and WorkerStatus = 'Running'", "a")]
    [InlineData("WorkerIdentity STARTS_WITH 'host-1'", "a b")]
    public async Task Workers_are_listed_and_counted_by_what_they_said_last(string query, string found)
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(RecordWorkerHeartbeat, new()
        {
            Namespace = "default",
            WorkerHeartbeat =
            {
                AWorker("c", "orders", "host-2:1", WorkerStatus.ShuttingDown),
                AWorker("a", "orders", "host-1:1", WorkerStatus.Running),
                AWorker("b", "invoices", "host-1:2", WorkerStatus.Running),
            },
        });

        var listed = await engine.CallAsync(ListWorkers, new() { Namespace = "default", Query = query });
        var counted = await engine.CallAsync(CountWorkers, new() { Namespace = "default", Query = query });

        Assert.Equal(found, string.Join(' ', listed.Workers.Select(worker => worker.WorkerInstanceKey)));
        Assert.Equal(listed.Workers.Count, counted.Count);
    }

    [Fact]
    public async Task A_filter_that_cannot_be_read_says_how_to_write_one()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(RecordWorkerHeartbeat, new() { Namespace = "default", WorkerHeartbeat = { AWorker("a", "q", "i", WorkerStatus.Running) } });

        var failure = await engine.FailAsync(ListWorkers, new() { Namespace = "default", Query = "TaskQueue ~ 'x'" });

        Assert.Equal(RpcStatus.InvalidArgument, failure.Status);
        Assert.Contains("Field = 'value'", failure.Message);
    }

    [Fact]
    public async Task A_worker_that_nobody_knows_is_not_found()
    {
        await using var engine = await RunningEngine.StartAsync();

        var failure = await engine.FailAsync(DescribeWorker, new() { Namespace = "default", WorkerInstanceKey = "ghost" });

        Assert.Equal((RpcStatus.NotFound, "Worker ghost not found"), (failure.Status, failure.Message));
    }

    static WorkerHeartbeat AWorker(string key, string queue, string identity, WorkerStatus status) =>
        new() { WorkerInstanceKey = key, TaskQueue = queue, WorkerIdentity = identity, Status = status };
}
