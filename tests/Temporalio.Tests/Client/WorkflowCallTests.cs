using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Converters;
using Temporalio.Exceptions;
using RetryPolicy = Temporalio.Common.RetryPolicy;

namespace Temporalio.Tests.Client;

public sealed class WorkflowCallTests : IDisposable
{
    readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_start_carries_its_options_and_gives_a_handle_for_its_run()
    {
        StartWorkflowExecutionRequest? sent = null;
        _server.Answer(WorkflowServiceMethods.StartWorkflowExecution, request =>
        {
            sent = request;
            return new StartWorkflowExecutionResponse { RunId = "run-1" };
        });
        var client = await _server.ConnectAsync();

        var handle = await client.StartWorkflowAsync("backup", ["orders", 3], new("backup-1", "maintenance")
        {
            RunTimeout = TimeSpan.FromHours(2),
            RetryPolicy = new RetryPolicy { MaximumAttempts = 4 },
            Memo = new Dictionary<string, object> { ["owner"] = "ops" },
            StaticSummary = "nightly",
            IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting,
        });

        Assert.Equal(("backup-1", null, "run-1", "run-1"), (handle.Id, handle.RunId, handle.ResultRunId, handle.FirstExecutionRunId));
        Assert.NotNull(sent);
        Assert.Equal(("tests", "backup", "maintenance", "tester"), (sent.Namespace, sent.WorkflowType.Name, sent.TaskQueue.Name, sent.Identity));
        Assert.Equal(["\"orders\"", "3"], sent.Input.Payloads_.Select(payload => payload.Data.ToStringUtf8()));
        Assert.Equal(TimeSpan.FromHours(2), sent.WorkflowRunTimeout.ToTimeSpan());
        Assert.Equal(4, sent.RetryPolicy.MaximumAttempts);
        Assert.Equal("\"ops\"", sent.Memo.Fields["owner"].Data.ToStringUtf8());
        Assert.Equal("\"nightly\"", sent.UserMetadata.Summary.Data.ToStringUtf8());
        Assert.Equal(WorkflowIdConflictPolicy.UseExisting, sent.WorkflowIdConflictPolicy);
        Assert.True(Guid.TryParse(sent.RequestId, out _));
    }

    [Fact]
    public async Task Each_call_says_who_we_are_and_which_namespace()
    {
        _server.Answer(WorkflowServiceMethods.SignalWorkflowExecution, _ => new SignalWorkflowExecutionResponse());
        var client = await _server.ConnectAsync();
        client.Connection.RpcMetadata = [KeyValuePair.Create("x-team", "ops")];
        client.Connection.ApiKey = "secret";

        await client.GetWorkflowHandle("backup-1").SignalAsync("approve", [], new()
        {
            Rpc = new() { Metadata = [KeyValuePair.Create("x-call", "1")] },
        });

        var metadata = _server.LastCall!.Metadata;
        Assert.Equal("temporal-dotnet", metadata["client-name"]);
        Assert.Equal("tests", metadata["temporal-namespace"]);
        Assert.Equal("ops", metadata["x-team"]);
        Assert.Equal("1", metadata["x-call"]);
        Assert.Equal("Bearer secret", metadata["authorization"]);
        Assert.NotNull(_server.LastCall.Deadline);
    }

    [Fact]
    public async Task A_start_of_an_open_workflow_names_the_run_that_exists()
    {
        _server.Answer<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse>(
            WorkflowServiceMethods.StartWorkflowExecution,
            _ => throw RpcFailure.WithDetail(
                RpcStatus.AlreadyExists, "already running", new WorkflowExecutionAlreadyStartedFailure { RunId = "run-0" }));
        var client = await _server.ConnectAsync();

        var error = await Assert.ThrowsAsync<WorkflowAlreadyStartedException>(
            () => client.StartWorkflowAsync("backup", [], new("backup-1", "maintenance")));

        Assert.Equal(("backup-1", "backup", "run-0"), (error.WorkflowId, error.WorkflowType, error.RunId));
    }

    [Fact]
    public async Task A_start_without_a_task_queue_says_which_option_is_missing()
    {
        var client = await _server.ConnectAsync();

        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => client.StartWorkflowAsync("backup", [], new() { Id = "backup-1" }));

        Assert.Contains("WorkflowOptions.TaskQueue", error.Message);
    }

    [Fact]
    public async Task A_signal_with_start_is_one_call()
    {
        SignalWithStartWorkflowExecutionRequest? sent = null;
        _server.Answer(WorkflowServiceMethods.SignalWithStartWorkflowExecution, request =>
        {
            sent = request;
            return new SignalWithStartWorkflowExecutionResponse { RunId = "run-1" };
        });
        var client = await _server.ConnectAsync();
        var options = new WorkflowOptions("lock-db", "maintenance");
        options.SignalWithStart("acquire", ["me"]);

        var handle = await client.StartWorkflowAsync("lock", [], options);

        Assert.Equal("acquire", sent!.SignalName);
        Assert.Equal("\"me\"", sent.SignalInput.Payloads_[0].Data.ToStringUtf8());
        Assert.Null(handle.FirstExecutionRunId);
    }

    [Fact]
    public async Task A_result_follows_the_runs_that_continue_as_new()
    {
        _server.Answer(WorkflowServiceMethods.GetWorkflowExecutionHistory, request =>
        {
            Assert.True(request.WaitNewEvent);
            Assert.Equal(HistoryEventFilterType.CloseEvent, request.HistoryEventFilterType);
            if (request.NextPageToken.IsEmpty && request.Execution.RunId == "run-1")
                return new() { History = new(), NextPageToken = Google.Protobuf.ByteString.CopyFromUtf8("again") };

            return request.Execution.RunId == "run-1" ? Closed(ContinuedAsNew("run-2")) : Closed(Completed(42));
        });
        var client = await _server.ConnectAsync();
        var handle = client.GetWorkflowHandle("backup-1") with { ResultRunId = "run-1" };

        Assert.Equal(42, await handle.GetResultAsync<int>());
        var error = await Assert.ThrowsAsync<WorkflowContinuedAsNewException>(() => handle.GetResultAsync(followRuns: false));
        Assert.Equal("run-2", error.NewRunId);
    }

    [Fact]
    public async Task A_failed_workflow_throws_its_failure()
    {
        var failure = await DataConverter.Default.ToFailureAsync(new ApplicationFailureException("no dump", errorType: "NoDump"));
        Closing(new()
        {
            EventType = EventType.WorkflowExecutionFailed,
            WorkflowExecutionFailedEventAttributes = new() { Failure = failure },
        });
        var client = await _server.ConnectAsync();

        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => client.GetWorkflowHandle("b").GetResultAsync());

        Assert.Equal("NoDump", Assert.IsType<ApplicationFailureException>(error.InnerException).ErrorType);
    }

    [Theory]
    [InlineData(EventType.WorkflowExecutionCanceled, typeof(CanceledFailureException))]
    [InlineData(EventType.WorkflowExecutionTimedOut, typeof(TimeoutFailureException))]
    [InlineData(EventType.WorkflowExecutionTerminated, typeof(TerminatedFailureException))]
    public async Task A_workflow_that_was_ended_throws_how(EventType type, Type expected)
    {
        var closing = new HistoryEvent { EventType = type };
        if (type == EventType.WorkflowExecutionCanceled)
            closing.WorkflowExecutionCanceledEventAttributes = new();
        else if (type == EventType.WorkflowExecutionTimedOut)
            closing.WorkflowExecutionTimedOutEventAttributes = new();
        else
            closing.WorkflowExecutionTerminatedEventAttributes = new() { Reason = "stop" };
        Closing(closing);
        var client = await _server.ConnectAsync();

        var error = await Assert.ThrowsAsync<WorkflowFailedException>(() => client.GetWorkflowHandle("b").GetResultAsync());

        Assert.IsType(expected, error.InnerException);
    }

    [Fact]
    public async Task A_query_gives_its_value_its_failure_or_its_rejection()
    {
        _server.Answer(WorkflowServiceMethods.QueryWorkflow, request => request.Query.QueryType switch
        {
            "status" => new() { QueryResult = new() { Payloads_ = { DataConverter.Default.PayloadConverter.ToPayload("waiting") } } },
            "closed" => new() { QueryRejected = new() { Status = WorkflowExecutionStatus.Completed } },
            _ => throw RpcFailure.WithDetail(RpcStatus.InvalidArgument, "no such query", new QueryFailedFailure()),
        });
        var handle = (await _server.ConnectAsync()).GetWorkflowHandle("backup-1");

        Assert.Equal("waiting", await handle.QueryAsync<string>("status", []));
        var rejected = await Assert.ThrowsAsync<WorkflowQueryRejectedException>(() => handle.QueryAsync<string>("closed", []));
        Assert.Equal(WorkflowExecutionStatus.Completed, rejected.WorkflowStatus);
        var failed = await Assert.ThrowsAsync<WorkflowQueryFailedException>(() => handle.QueryAsync<string>("color", []));
        Assert.Equal("no such query", failed.Message);
    }

    [Fact]
    public async Task A_list_goes_through_all_pages_up_to_its_limit()
    {
        _server.Answer(WorkflowServiceMethods.ListWorkflowExecutions, request =>
        {
            var page = request.NextPageToken.IsEmpty ? 0 : request.NextPageToken[0];
            return new()
            {
                Executions = { Listed($"w{page}a"), Listed($"w{page}b") },
                NextPageToken = page == 2 ? Google.Protobuf.ByteString.Empty : Google.Protobuf.ByteString.CopyFrom((byte)(page + 1)),
            };
        });
        var client = await _server.ConnectAsync();

        Assert.Equal(["w0a", "w0b", "w1a", "w1b", "w2a", "w2b"], await IdsAsync(client, 0));
        Assert.Equal(["w0a", "w0b", "w1a"], await IdsAsync(client, 3));
    }

    [Fact]
    public async Task The_raw_service_gives_the_servers_messages()
    {
        _server.Answer(WorkflowServiceMethods.DescribeNamespace, request =>
            new DescribeNamespaceResponse { NamespaceInfo = new() { Name = request.Namespace } });
        var client = await _server.ConnectAsync();

        var response = await client.WorkflowService.DescribeNamespaceAsync(new() { Namespace = "tests" });

        Assert.Equal("tests", response.NamespaceInfo.Name);
        Assert.Equal("tests", _server.LastCall!.Metadata["temporal-namespace"]);
    }

    void Closing(HistoryEvent closing) =>
        _server.Answer(WorkflowServiceMethods.GetWorkflowExecutionHistory, _ => Closed(closing));

    static GetWorkflowExecutionHistoryResponse Closed(HistoryEvent closing) =>
        new() { History = new() { Events = { closing } } };

    static HistoryEvent ContinuedAsNew(string next) => new()
    {
        EventType = EventType.WorkflowExecutionContinuedAsNew,
        WorkflowExecutionContinuedAsNewEventAttributes = new() { NewExecutionRunId = next },
    };

    static HistoryEvent Completed(object value) => new()
    {
        EventType = EventType.WorkflowExecutionCompleted,
        WorkflowExecutionCompletedEventAttributes = new()
        {
            Result = new() { Payloads_ = { DataConverter.Default.PayloadConverter.ToPayload(value) } },
        },
    };

    static Api.Workflow.V1.WorkflowExecutionInfo Listed(string id) => new()
    {
        Execution = new() { WorkflowId = id },
        Type = new WorkflowType { Name = "backup" },
    };

    static async Task<List<string>> IdsAsync(TemporalClient client, int limit)
    {
        var ids = new List<string>();
        await foreach (var execution in client.ListWorkflowsAsync(string.Empty, new() { Limit = limit }))
            ids.Add(execution.Id);
        return ids;
    }
}
