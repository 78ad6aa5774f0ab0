using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Temporalio.Tests.Worker;

/// <summary>A worker against the real engine.</summary>
public sealed class WorkerTests : IAsyncLifetime
{
    Harness _harness = null!;

    public async ValueTask InitializeAsync() => _harness = await Harness.StartAsync();

    public ValueTask DisposeAsync() => _harness.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task An_order_goes_through_activity_timer_signal_query_and_update(int cacheSize)
    {
        var options = _harness.Options(typeof(OrderWorkflow)).AddAllActivities(new ShopActivities("Hi"));
        options.MaxCachedWorkflows = cacheSize;
        await _harness.RunAsync(options, async () =>
        {
            var order = await _harness.Client.StartWorkflowAsync(
                (OrderWorkflow workflow) => workflow.RunAsync("Ann"), new(id: Guid.NewGuid().ToString(), taskQueue: options.TaskQueue!));
            await Harness.EventAsync(order, EventType.TimerFired);

            Assert.Equal(3, await order.ExecuteUpdateAsync(workflow => workflow.NoteAsync("gift")));
            Assert.Equal(["Hi, Ann", "waited", "gift"], await order.QueryAsync(workflow => workflow.Log));
            var refused = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => order.ExecuteUpdateAsync(workflow => workflow.NoteAsync("")));
            Assert.Equal("empty note", refused.InnerException?.Message);
            await order.SignalAsync(workflow => workflow.PayAsync());

            Assert.Equal("Hi, Ann: 5", await order.GetResultAsync());
            Assert.Equal(["Hi, Ann", "waited", "gift"], await order.QueryAsync(workflow => workflow.Log));
            Assert.Equal(
                [
                    EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                    EventType.ActivityTaskScheduled, EventType.ActivityTaskStarted, EventType.ActivityTaskCompleted,
                    EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                    EventType.TimerStarted, EventType.TimerFired,
                    EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                    EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                    EventType.WorkflowExecutionUpdateAccepted, EventType.TimerStarted, EventType.TimerFired,
                    EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                    EventType.WorkflowExecutionUpdateCompleted, EventType.WorkflowExecutionSignaled,
                    EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                    EventType.WorkflowPropertiesModified, EventType.ActivityTaskScheduled, EventType.ActivityTaskStarted, EventType.ActivityTaskCompleted,
                    EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
                    EventType.WorkflowExecutionCompleted,
                ],
                (await Harness.HistoryAsync(order)).Select(e => e.EventType));
            await new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<OrderWorkflow>()).ReplayWorkflowAsync(await order.FetchHistoryAsync());
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task With_a_codec_nothing_readable_reaches_the_server(int cacheSize)
    {
        var converter = Temporalio.Converters.DataConverter.Default with { PayloadCodec = new ReversingCodec() };
        var client = await _harness.ConnectAsync(converter);
        var options = _harness.Options(typeof(OrderWorkflow)).AddAllActivities(new ShopActivities("Hi"));
        options.MaxCachedWorkflows = cacheSize;
        using var worker = new TemporalWorker(client, options);
        await worker.ExecuteAsync(async () =>
        {
            var order = await client.StartWorkflowAsync(
                (OrderWorkflow workflow) => workflow.RunAsync("Ann"), new(id: Guid.NewGuid().ToString(), taskQueue: options.TaskQueue!));
            await Harness.EventAsync(order, EventType.TimerFired);

            Assert.Equal(3, await order.ExecuteUpdateAsync(workflow => workflow.NoteAsync("gift")));
            Assert.Equal(["Hi, Ann", "waited", "gift"], await order.QueryAsync(workflow => workflow.Log));
            await order.SignalAsync(workflow => workflow.PayAsync());
            Assert.Equal("Hi, Ann: 5", await order.GetResultAsync());

            var history = string.Concat((await Harness.HistoryAsync(_harness.Client.GetWorkflowHandle(order.Id))).Select(e => e.ToString()));
            Assert.DoesNotContain(Convert.ToBase64String("\"Ann\""u8), history, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String("\"gift\""u8), history, StringComparison.Ordinal);
        }).WaitAsync(TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task One_dynamic_workflow_serves_every_name()
    {
        var options = _harness.Options(typeof(AnyWorkflow));
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "backup", 7);
            await Harness.EventAsync(handle, EventType.WorkflowTaskCompleted);
            await handle.SignalAsync("approve", ["x", "y"]);
            Assert.Equal("note", await handle.ExecuteUpdateAsync<string>("note", ["hello"]));

            Assert.Equal("backup(7) signal:approve:2 update:note:hello", await handle.GetResultAsync<string>());
            Assert.Equal("status:3", await handle.QueryAsync<string>("status", []));
        });
    }

    [Fact]
    public async Task A_cancelled_activity_hears_of_it_by_its_heartbeat()
    {
        var shop = new ShopActivities("Hi");
        var options = _harness.Options(typeof(OneActivity)).AddAllActivities(shop);
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "OneActivity", "UntilCancelled");
            await shop.Started.Task;
            await handle.SignalAsync("Cancel", []);

            Assert.Equal("cancelled", await handle.GetResultAsync<string>());
            Assert.Equal(Activities.ActivityCancelReason.CancelRequested, await shop.Stopped.Task);
            Assert.Contains((await Harness.HistoryAsync(handle)), e => e.EventType == EventType.ActivityTaskCanceled);
        });
    }

    [Fact]
    public async Task An_activity_can_be_completed_from_elsewhere_by_its_token()
    {
        var shop = new ShopActivities("Hi");
        var options = _harness.Options(typeof(OneActivity)).AddAllActivities(shop);
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "OneActivity", "LeaveOpen");
            await _harness.Client.GetAsyncActivityHandle(await shop.Token.Task).CompleteAsync("from elsewhere");

            Assert.Equal("from elsewhere", await handle.GetResultAsync<string>());
        });
    }

    [Fact]
    public async Task A_retried_activity_gets_the_details_of_the_attempt_before()
    {
        var options = _harness.Options(typeof(OneActivity)).AddAllActivities(new ShopActivities("Hi"));
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "OneActivity", "Resume");

            Assert.Equal("half 50", await handle.GetResultAsync<string>());
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task Local_activities_run_once_and_replay_from_markers(int cacheSize)
    {
        var shop = new ShopActivities("Hi");
        var options = _harness.Options(typeof(LocalWork)).AddAllActivities(shop);
        options.MaxCachedWorkflows = cacheSize;
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "LocalWork");

            Assert.Equal("3 10,11,12", await handle.GetResultAsync<string>());
            Assert.Equal(3, shop.Flaky);
            Assert.Equal(4, (await Harness.HistoryAsync(handle)).Count(e => e.EventType == EventType.MarkerRecorded));
            await new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<LocalWork>()).ReplayWorkflowAsync(await handle.FetchHistoryAsync());
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_child_is_signalled_and_the_parent_continues_as_new(int cacheSize)
    {
        var options = _harness.Options(typeof(Parent), typeof(Child));
        options.MaxCachedWorkflows = cacheSize;
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "Parent", 2);

            Assert.Equal("hello 0", await handle.GetResultAsync<string>());
        });
    }

    [Fact]
    public async Task A_bug_in_workflow_code_fails_the_task_once_and_not_the_workflow()
    {
        var options = _harness.Options(typeof(Misbehaving));
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "Misbehaving", "bug");
            await Harness.EventAsync(handle, EventType.WorkflowTaskFailed);

            var failed = (await Harness.HistoryAsync(handle)).Single(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
            Assert.Equal("a bug", failed.Failure.Message);
            Assert.Equal(WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, failed.Cause);
            await handle.TerminateAsync();
        });
    }

    [Fact]
    public async Task Blocking_workflow_code_is_found()
    {
        var options = _harness.Options(typeof(Misbehaving));
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "Misbehaving", "block");
            await Harness.EventAsync(handle, EventType.WorkflowTaskFailed);

            var failed = (await Harness.HistoryAsync(handle)).Single(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
            Assert.StartsWith("[TMPRL1101]", failed.Failure.Message, StringComparison.Ordinal);
            Misbehaving.Release.Set();
            await handle.TerminateAsync();
        });
    }

    [Fact]
    public async Task A_workflow_that_awaits_a_foreign_task_is_found()
    {
        var options = _harness.Options(typeof(Misbehaving));
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "Misbehaving", "foreign");
            await Harness.EventAsync(handle, EventType.WorkflowTaskCompleted);
            Misbehaving.LetGo.TrySetResult();
            await Misbehaving.WasWoken.Task;
            await handle.SignalAsync("anything", []);
            await Harness.EventAsync(handle, EventType.WorkflowTaskFailed);

            var failed = (await Harness.HistoryAsync(handle)).Single(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
            Assert.Contains("not part of it", failed.Failure.Message, StringComparison.Ordinal);
            await handle.TerminateAsync();
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changed_code_fails_the_task_or_where_so_configured_the_workflow(bool failsWorkflow)
    {
        var options = _harness.Options(typeof(Conformance.VersionKit.ChangesCommand));
        WorkflowHandle handle = null!;
        await _harness.RunAsync(options, async () =>
        {
            handle = await _harness.StartAsync(options, "changesCommand");
            await Harness.EventAsync(handle, EventType.WorkflowTaskCompleted, 2);
        });

        var changed = new TemporalWorkerOptions(options.TaskQueue!)
        {
            WorkflowFailureExceptionTypes = failsWorkflow ? [typeof(WorkflowNondeterminismException)] : null,
        };
        changed.AddWorkflow<Conformance.VersionKit.ChangesCommandChanged>();
        await _harness.RunAsync(changed, async () =>
        {
            await handle.SignalAsync("finish", []);
            await Harness.EventAsync(handle, failsWorkflow ? EventType.WorkflowExecutionFailed : EventType.WorkflowTaskFailed);
        });

        var last = (await Harness.HistoryAsync(handle)).Last(e => e.EventType is EventType.WorkflowExecutionFailed or EventType.WorkflowTaskFailed);
        var failure = last.WorkflowTaskFailedEventAttributes?.Failure ?? last.WorkflowExecutionFailedEventAttributes.Failure;
        Assert.StartsWith("[TMPRL1100]", failure.Message, StringComparison.Ordinal);
        Assert.True(failsWorkflow || last.WorkflowTaskFailedEventAttributes!.Cause == WorkflowTaskFailedCause.NonDeterministicError);
    }

    [Fact]
    public async Task A_cancelled_workflow_ends_as_cancelled()
    {
        var options = _harness.Options(typeof(Child));
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "Child", 1);
            await Harness.EventAsync(handle, EventType.WorkflowTaskCompleted);
            await handle.CancelAsync();

            var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => handle.GetResultAsync());
            Assert.IsType<CanceledFailureException>(failure.InnerException);
        });
    }

    [Fact]
    public async Task An_unknown_workflow_type_names_the_known_ones()
    {
        var options = _harness.Options(typeof(Child), typeof(Parent));
        await _harness.RunAsync(options, async () =>
        {
            var handle = await _harness.StartAsync(options, "Nobody");
            await Harness.EventAsync(handle, EventType.WorkflowTaskFailed);

            var failed = (await Harness.HistoryAsync(handle)).Single(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes;
            Assert.Equal("Workflow type Nobody is not registered on this worker, available workflows: Child, Parent", failed.Failure.Message);
            await handle.TerminateAsync();
        });
    }

    [Fact]
    public async Task A_stopping_worker_tells_activities_and_ends_after_them()
    {
        var shop = new ShopActivities("Hi");
        var options = _harness.Options(typeof(OneActivity)).AddAllActivities(shop);
        using var stop = new CancellationTokenSource();
        using var worker = new TemporalWorker(_harness.Client, options);
        var running = worker.ExecuteAsync(stop.Token);
        var handle = await _harness.StartAsync(options, "OneActivity", "UntilCancelled");
        await shop.Started.Task;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(Activities.ActivityCancelReason.WorkerShutdown, await shop.Stopped.Task);
        await handle.TerminateAsync();
    }

    [Fact]
    public async Task A_run_moves_to_another_worker_after_a_shutdown()
    {
        var options = _harness.Options(typeof(Child));
        WorkflowHandle handle = null!;
        await _harness.RunAsync(options, async () =>
        {
            handle = await _harness.StartAsync(options, "Child", 5);
            await Harness.EventAsync(handle, EventType.WorkflowTaskCompleted);
        });

        var other = new TemporalWorkerOptions(options.TaskQueue!).AddWorkflow<Child>();
        await _harness.RunAsync(other, async () =>
        {
            await handle.SignalAsync("Go", ["moved"]);

            Assert.Equal("moved 5", await handle.GetResultAsync<string>());
        });
    }
}
