using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>The limits of the real server, with its errors.</summary>
public sealed class LimitTests
{
    const int Megabyte = 1024 * 1024;

    public static TheoryData<string, WorkflowTaskFailedCause, string> Pending => new()
    {
        { "activities", WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, "the number of pending activities, 2000, has reached the per-workflow limit of 2000" },
        { "children", WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded, "the number of pending child workflow executions, 2000, has reached the per-workflow limit of 2000" },
        { "signals", WorkflowTaskFailedCause.PendingSignalsLimitExceeded, "the number of pending signals to external workflows, 2000, has reached the per-workflow limit of 2000" },
        { "cancels", WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded, "the number of pending requests to cancel external workflows, 2000, has reached the per-workflow limit of 2000" },
    };

    [Theory]
    [MemberData(nameof(Pending))]
    public async Task More_than_two_thousand_pending_ones_of_a_kind_fail_the_task(string what, WorkflowTaskFailedCause cause, string why)
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var commands = Enumerable.Range(0, 2001).Select(number => CommandFor(what, $"{number}")).ToArray();

        var refused = await RefusedAsync(async () => await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), commands));

        Assert.Equal((RpcStatus.InvalidArgument, $"{cause}: {why}"), (refused.Status, refused.Message));
        Assert.Equal(WorkflowExecutionStatus.Running, (await engine.DescribeAsync("one")).WorkflowExecutionInfo.Status);
        Assert.EndsWith("WorkflowTaskFailed WorkflowTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);
    }

    static Command CommandFor(string what, string id) => what switch
    {
        "activities" => Activity(id),
        "children" => new()
        {
            CommandType = CommandType.StartChildWorkflowExecution,
            StartChildWorkflowExecutionCommandAttributes = new() { WorkflowId = id, WorkflowType = new() { Name = "child" } },
        },
        "signals" => new()
        {
            CommandType = CommandType.SignalExternalWorkflowExecution,
            SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = id }, SignalName = "news" },
        },
        _ => new()
        {
            CommandType = CommandType.RequestCancelExternalWorkflowExecution,
            RequestCancelExternalWorkflowExecutionCommandAttributes = new() { WorkflowId = id },
        },
    };

    public static TheoryData<string, string> TooLarge => new()
    {
        { "result", "BadScheduleActivityAttributes: CompleteWorkflowExecutionCommandAttributes.Result exceeds size limit." },
        { "failure", "BadFailWorkflowExecutionAttributes: FailWorkflowExecutionCommandAttributes.Failure exceeds size limit." },
        { "activity input", "BadScheduleActivityAttributes: ScheduleActivityTaskCommandAttributes.Input exceeds size limit." },
        { "marker", "BadRecordMarkerAttributes: RecordMarkerCommandAttributes.Details exceeds size limit." },
        { "memo", "BadModifyWorkflowPropertiesAttributes: ModifyWorkflowPropertiesCommandAttributes exceeds size limit." },
        { "search attribute", "BadSearchAttributes: search attribute TemporalChangeVersion value size 3004 exceeds size limit 2048" },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task A_value_over_its_limit_ends_the_workflow_because_it_would_only_come_again(string what, string why)
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");

        var refused = await RefusedAsync(async () => await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Large(what)));

        Assert.Equal((RpcStatus.InvalidArgument, why), (refused.Status, refused.Message));
        var last = (await engine.HistoryAsync("one"))[^1];
        Assert.Equal(why, last.WorkflowExecutionTerminatedEventAttributes.Reason);
    }

    static Command Large(string what)
    {
        var payload = PayloadOf(2 * Megabyte + 1);
        var payloads = new Payloads { Payloads_ = { payload } };
        return what switch
        {
            "result" => new() { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() { Result = payloads } },
            "failure" => new()
            {
                CommandType = CommandType.FailWorkflowExecution,
                FailWorkflowExecutionCommandAttributes = new() { Failure = new() { Message = "m", ApplicationFailureInfo = new() { Details = payloads } } },
            },
            "activity input" => Activity("a", attributes => attributes.Input = payloads),
            "marker" => Marker(payloads),
            "memo" => new()
            {
                CommandType = CommandType.ModifyWorkflowProperties,
                ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = new() { Fields = { ["large"] = payload } } },
            },
            _ => new()
            {
                CommandType = CommandType.UpsertWorkflowSearchAttributes,
                UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = new() { IndexedFields = { ["TemporalChangeVersion"] = Text(3000) } } },
            },
        };
    }

    [Fact]
    public async Task The_hundred_and_first_event_behind_a_started_task_fails_the_task_and_all_are_written()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var task = await engine.PollWorkflowAsync();
        for (var i = 0; i < 100; i++)
            await engine.SignalAsync("one", $"s{i}");
        Assert.Equal(3, (await engine.HistoryAsync("one")).Count);

        await engine.SignalAsync("one", "s100");

        var history = await engine.HistoryAsync("one");
        Assert.Equal(WorkflowTaskFailedCause.ForceCloseCommand, history[3].WorkflowTaskFailedEventAttributes.Cause);
        Assert.Equal(
            Enumerable.Range(0, 101).Select(i => $"s{i}"),
            history.Skip(4).Take(101).Select(one => one.WorkflowExecutionSignaledEventAttributes.SignalName));
        Assert.Equal(EventType.WorkflowTaskScheduled, history[^1].EventType);
        Assert.Equal("Workflow task not found.", (await RefusedAsync(() => engine.CompleteTaskAsync(task, Complete()))).Message);
    }

    [Fact]
    public async Task A_workflow_hears_at_4096_events_that_it_should_continue_as_new()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        // Four events go before the markers, one signal, one Scheduled behind them: 4,096 when the next task starts.
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Markers(4096 - 4 - 3));
        await engine.SignalAsync("one", "news");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await engine.SignalAsync("one", "more");
        await engine.PollWorkflowAsync();

        var started = (await engine.HistoryAsync("one", 4090)).Where(one => one.EventType == EventType.WorkflowTaskStarted)
            .Select(one => one.WorkflowTaskStartedEventAttributes).ToList();
        Assert.False(started[0].SuggestContinueAsNew);
        Assert.True(started[1].SuggestContinueAsNew);
        Assert.Equal([SuggestContinueAsNewReason.TooManyHistoryEvents], started[1].SuggestContinueAsNewReasons);
    }

    [Fact]
    public async Task An_answer_that_makes_the_history_longer_than_51200_events_is_taken_back_and_the_workflow_terminated()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");

        var refused = await RefusedAsync(async () => await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Markers(51_200 - 3)));

        Assert.Equal((RpcStatus.InvalidArgument, "Workflow history count exceeds limit."), (refused.Status, refused.Message));
        Assert.Equal(
            "WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskFailed WorkflowExecutionTerminated",
            await engine.TypesAsync("one"));
        Assert.Equal("Workflow history count exceeds limit.", (await engine.HistoryAsync("one"))[^1].WorkflowExecutionTerminatedEventAttributes.Reason);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_history_of_more_than_fifty_megabytes_ends_its_workflow()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var payloads = new Payloads { Payloads_ = { PayloadOf(2 * Megabyte - 1000) } };
        for (var i = 0; i < 26; i++)
            await Signal();

        var refused = await RefusedAsync(Signal);

        Assert.Equal((RpcStatus.InvalidArgument, "Workflow history size exceeds limit."), (refused.Status, refused.Message));
        var described = await engine.DescribeAsync("one");
        Assert.Equal(WorkflowExecutionStatus.Terminated, described.WorkflowExecutionInfo.Status);
        Assert.Equal(0, engine.Engine.State.Workflows.OpenCount);

        Task Signal() => engine.CallAsync(WorkflowServiceMethods.SignalWorkflowExecution, new()
        {
            Namespace = "default", WorkflowExecution = new() { WorkflowId = "one" }, SignalName = "large", Input = payloads,
        });
    }

    [Fact]
    public async Task The_ten_thousand_and_first_signal_is_refused()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => engine.SignalAsync("one", "news")));

        var refused = await RefusedAsync(() => engine.SignalAsync("one", "news"));

        Assert.Equal((RpcStatus.InvalidArgument, "exceeded workflow execution limit for signal events"), (refused.Status, refused.Message));
    }

    [Fact]
    public async Task The_eleventh_update_in_flight_is_refused()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var updates = Enumerable.Range(0, 11).Select(i => UpdateAsync(engine, $"u{i}")).ToList();

        // No worker answers: the only one that ends is the one too many.
        var first = await Task.WhenAny(updates);
        var refused = await RefusedAsync(() => first);

        Assert.Equal(
            (RpcStatus.ResourceExhausted, "limit on number of concurrent in-flight updates has been reached (10)"), (refused.Status, refused.Message));
        var waiting = updates.Where(update => update != first).ToList();
        Assert.DoesNotContain(waiting, update => update.IsCompleted);
        await engine.CallAsync(WorkflowServiceMethods.TerminateWorkflowExecution, new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = "one" } });
        await Assert.ThrowsAsync<RpcFailure>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_worker_that_is_about_to_end_the_workflow_gets_no_new_signal_in_between()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var task = await engine.PollWorkflowAsync();
        await engine.SignalAsync("one", "first");
        await RefusedAsync(() => engine.CompleteTaskAsync(task, Complete()));
        var next = await engine.PollWorkflowAsync();

        var refused = await RefusedAsync(() => engine.SignalAsync("one", "second"));

        Assert.Equal((RpcStatus.ResourceExhausted, "workflow operation can not be applied because workflow is closing"), (refused.Status, refused.Message));
        await engine.CompleteTaskAsync(next, Complete());
        Assert.Equal(WorkflowExecutionStatus.Completed, (await engine.DescribeAsync("one")).WorkflowExecutionInfo.Status);
    }

    [Fact]
    public async Task A_long_history_is_read_by_page_from_disk_and_little_of_it_stays_in_memory()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Markers(10_000));

        var inMemory = await engine.Engine.Loop.RunAsync(tx => tx.State.Workflows.FindOpen(tx.State.Namespaces.Get("default").Id, "one")!.TailFrom(9_000));
        Assert.Null(inMemory);
        var ids = new List<long>();
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = "default", Execution = new() { WorkflowId = "one" }, MaximumPageSize = 200 };
        do
        {
            var page = await engine.CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
            Assert.InRange(page.History.Events.Count, 1, 200);
            ids.AddRange(page.History.Events.Select(one => one.EventId));
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        Assert.Equal(Enumerable.Range(1, 10_004).Select(id => (long)id), ids);
    }

    static Task<UpdateWorkflowExecutionResponse> UpdateAsync(EngineUnderTest engine, string id) =>
        engine.CallAsync(WorkflowServiceMethods.UpdateWorkflowExecution, new()
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = "one" },
            Request = new() { Meta = new() { UpdateId = id }, Input = new() { Name = "update" } },
        });

    static Task<RpcFailure> RefusedAsync(Func<Task> call) => Assert.ThrowsAsync<RpcFailure>(call);

    static Command[] Markers(int count) => [.. Enumerable.Range(0, count).Select(_ => Marker(new()))];

    static Command Marker(Payloads details) => new()
    {
        CommandType = CommandType.RecordMarker,
        RecordMarkerCommandAttributes = new() { MarkerName = "m", Details = { ["d"] = details } },
    };

    static Payload PayloadOf(int bytes) => new() { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("binary/plain") }, Data = ByteString.CopyFrom(new byte[bytes]) };

    static Payload Text(int characters) =>
        new() { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") }, Data = ByteString.CopyFromUtf8($"[\"{new string('x', characters)}\"]") };
}
