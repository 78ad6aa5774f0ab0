using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Temporalio.Tests.EndToEnd;

public class WorkflowTests(EngineFixture engine)
{
    [Fact]
    public async Task A_workflow_is_signaled_queried_and_gives_its_result()
    {
        var result = await WithWorkerAsync(async queue =>
        {
            var handle = await engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(2), Options(queue));

            await handle.SignalAsync(wf => wf.ApproveAsync("ann"));
            Assert.Equal(1, await handle.QueryAsync(wf => wf.Missing));
            Assert.True(await handle.QueryAsync(wf => wf.HasApproved("ann")));
            await handle.SignalAsync("Approve", ["bob"]);

            return await handle.GetResultAsync();
        });

        Assert.Equal("ann,bob", result);
    }

    [Fact]
    public async Task An_update_is_answered_or_rejected_by_its_validator() => await WithWorkerAsync(async queue =>
    {
        var handle = await engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(2), Options(queue));

        Assert.Equal(1, await handle.ExecuteUpdateAsync(wf => wf.ApproveNowAsync("ann")));
        var rejected = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(
            () => handle.ExecuteUpdateAsync(wf => wf.ApproveNowAsync("ann")));
        Assert.Equal("Twice", Assert.IsType<ApplicationFailureException>(rejected.InnerException).ErrorType);

        var second = await handle.StartUpdateAsync(wf => wf.ApproveNowAsync("bob"), new("approval-2", WorkflowUpdateStage.Accepted));
        Assert.Equal(2, await second.GetResultAsync());
        Assert.Equal(2, await handle.GetUpdateHandle<int>("approval-2").GetResultAsync());
        return await handle.GetResultAsync();
    });

    [Fact]
    public async Task A_start_can_bring_a_signal_or_an_update() => await WithWorkerAsync(async queue =>
    {
        var options = Options(queue);
        options.SignalWithStart((Approval wf) => wf.ApproveAsync("ann"));
        var handle = await engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(2), options);

        var start = WithStartWorkflowOperation.Create(
            (Approval wf) => wf.RunAsync(2),
            new(options.Id!, queue) { IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting });
        var count = await engine.Client.ExecuteUpdateWithStartWorkflowAsync(
            (Approval wf) => wf.ApproveNowAsync("bob"), new(start));

        Assert.Equal(2, count);
        Assert.Equal(handle.ResultRunId, (await start.GetHandleAsync()).ResultRunId);
        Assert.Equal("ann,bob", await handle.GetResultAsync());
        return 0;
    });

    [Fact]
    public async Task A_result_is_that_of_the_last_run() => await WithWorkerAsync(async queue =>
    {
        var path = await engine.Client.ExecuteWorkflowAsync((Countdown wf) => wf.RunAsync(3, ""), Options(queue));

        Assert.Equal("321", path);
        return 0;
    });

    [Fact]
    public async Task A_cancelled_or_terminated_workflow_says_so() => await WithWorkerAsync(async queue =>
    {
        var cancelled = await engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(1), Options(queue));
        await cancelled.CancelAsync();
        var cancel = await Assert.ThrowsAsync<WorkflowFailedException>(() => cancelled.GetResultAsync());
        Assert.IsType<CanceledFailureException>(cancel.InnerException);

        var terminated = await engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(1), Options(queue));
        await terminated.TerminateAsync("enough");
        var terminate = await Assert.ThrowsAsync<WorkflowFailedException>(() => terminated.GetResultAsync());
        Assert.Equal("enough", Assert.IsType<TerminatedFailureException>(terminate.InnerException).Message);
        return 0;
    });

    [Fact]
    public async Task A_description_and_a_history_tell_what_was_started()
    {
        var queue = EngineFixture.NewName("queue");
        var options = Options(queue);
        options.StaticSummary = "two people";
        options.Memo = new Dictionary<string, object> { ["owner"] = "ops" };
        options.TypedSearchAttributes = new Temporalio.Common.SearchAttributeCollection.Builder()
            .Set(EngineFixture.Job, "approval")
            .ToSearchAttributeCollection();
        var handle = await engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(2), options);

        var description = await handle.DescribeAsync();
        var history = await handle.FetchHistoryAsync();

        Assert.Equal((options.Id, "Approval", queue), (description.Id, description.WorkflowType, description.TaskQueue));
        Assert.Equal(WorkflowExecutionStatus.Running, description.Status);
        Assert.Equal("two people", await description.GetStaticSummaryAsync());
        Assert.Equal("ops", await description.Memo["owner"].ToValueAsync<string>());
        Assert.Equal("approval", description.TypedSearchAttributes.Get(EngineFixture.Job));
        Assert.Equal(EventType.WorkflowExecutionStarted, history.Events.First().EventType);
        var exists = await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(
            () => engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(2), options));
        Assert.Equal(handle.ResultRunId, exists.RunId);
    }

    [Fact]
    public async Task A_finished_workflow_replays()
    {
        var handle = await WithWorkerAsync(async queue =>
        {
            var started = await engine.Client.StartWorkflowAsync((Approval wf) => wf.RunAsync(1), Options(queue));
            await started.ExecuteUpdateAsync(wf => wf.ApproveNowAsync("ann"));
            await started.GetResultAsync();
            return started;
        });
        var replayer = new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<Approval>());

        var result = await replayer.ReplayWorkflowAsync(await handle.FetchHistoryAsync());

        Assert.Null(result.ReplayFailure);
    }

    [Fact]
    public async Task An_activity_is_completed_from_outside() => await WithWorkerAsync(async queue =>
    {
        var byToken = await engine.Client.StartWorkflowAsync((WaitsForActivity wf) => wf.RunAsync(queue + "token"), Options(queue));
        var token = engine.Client.GetAsyncActivityHandle((await Callbacks.StartedAsync(queue + "token")).TaskToken);
        await token.HeartbeatAsync(new() { Details = ["half"] });
        await token.CompleteAsync("done");
        Assert.Equal("done", await byToken.GetResultAsync());

        var byId = await engine.Client.StartWorkflowAsync((WaitsForActivity wf) => wf.RunAsync(queue + "id"), Options(queue));
        var info = await Callbacks.StartedAsync(queue + "id");
        var id = engine.Client.GetAsyncActivityHandle(info.WorkflowId!, info.WorkflowRunId!, info.ActivityId);
        await id.FailAsync(new ApplicationFailureException("broken", errorType: "Broken"));
        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => byId.GetResultAsync());
        var activity = Assert.IsType<ActivityFailureException>(failed.InnerException);
        Assert.Equal("Broken", Assert.IsType<ApplicationFailureException>(activity.InnerException).ErrorType);
        return 0;
    });

    [Fact]
    public async Task A_workflow_that_does_not_exist_is_not_found()
    {
        var handle = engine.Client.GetWorkflowHandle("nobody");

        var error = await Assert.ThrowsAsync<RpcException>(() => handle.SignalAsync("Approve", ["ann"]));

        Assert.Equal(RpcException.StatusCode.NotFound, error.Code);
    }

    async Task<T> WithWorkerAsync<T>(Func<string, Task<T>> test)
    {
        var queue = EngineFixture.NewName("queue");
        using var worker = engine.NewWorker(queue);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await worker.ExecuteAsync(() => test(queue), deadline.Token);
    }

    static WorkflowOptions Options(string queue) => new(EngineFixture.NewName("wf"), queue);
}
