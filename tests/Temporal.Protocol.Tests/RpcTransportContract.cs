using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporal.Protocol;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Protocol.Tests;

/// <summary>What a call does, whichever way it takes. One subclass per transport.</summary>
public abstract class RpcTransportContract
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private protected abstract Task<RpcTestServer> StartAsync(RpcServiceTable table, Func<RpcServerOptions, RpcServerOptions>? change = null);

    [Fact]
    public async Task A_call_brings_the_request_to_the_handler_and_its_answer_back()
    {
        var table = new RpcServiceTable();
        table.Add(SignalWorkflowExecution, (request, _) => new(new SignalWorkflowExecutionResponse()));
        table.Add(DescribeNamespace, (request, _) => new(new DescribeNamespaceResponse { FailoverVersion = request.Namespace.Length }));
        await using var server = await StartAsync(table);

        var answer = await server.CallAsync(DescribeNamespace, new() { Namespace = "größe" });

        Assert.Equal(5, answer.FailoverVersion);
        Assert.NotNull(await server.CallAsync(SignalWorkflowExecution, new()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData(4_000_000)]
    public async Task Messages_of_any_size_up_to_the_limit_arrive_whole(int size)
    {
        var table = new RpcServiceTable();
        table.Add(QueryWorkflow, (request, _) => new(new QueryWorkflowResponse { QueryResult = request.Query.QueryArgs }));
        await using var server = await StartAsync(table);
        var data = Incompressible(size);

        var answer = await server.CallAsync(QueryWorkflow, QueryWith(data));

        Assert.Equal(data, answer.QueryResult.Payloads_[0].Data.ToByteArray());
    }

    [Fact]
    public async Task A_request_over_the_limit_is_refused_with_its_size()
    {
        var table = new RpcServiceTable();
        table.Add(QueryWorkflow, (_, _) => new(new QueryWorkflowResponse()));
        await using var server = await StartAsync(table);

        var failure = await Fails(server.CallAsync(QueryWorkflow, QueryWith(Incompressible(5_000_000))));

        Assert.Equal(RpcStatus.ResourceExhausted, failure.Status);
        Assert.Matches(@"^grpc: received message larger than max \(50000\d\d vs\. 4194304\)$", failure.Message);
    }

    [Fact]
    public async Task A_failure_keeps_its_status_its_text_and_its_typed_details()
    {
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (request, _) => throw RpcFailure.WithDetail(
            RpcStatus.NotFound, "Namespace \"50%\n☂\" is not found.", new NamespaceNotFoundFailure { Namespace = request.Namespace }));
        await using var server = await StartAsync(table);

        var failure = await Fails(server.CallAsync(DescribeNamespace, new() { Namespace = "50%" }));

        Assert.Equal(RpcStatus.NotFound, failure.Status);
        Assert.Equal("Namespace \"50%\n☂\" is not found.", failure.Message);
        Assert.Equal("50%", failure.Detail<NamespaceNotFoundFailure>()?.Namespace);
    }

    [Fact]
    public async Task Details_as_long_as_a_stack_trace_arrive()
    {
        var text = new string('x', 100_000);
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (_, _) => throw RpcFailure.WithDetail(
            RpcStatus.NotFound, "no", new NamespaceNotFoundFailure { Namespace = text }));
        await using var server = await StartAsync(table);

        var failure = await Fails(server.CallAsync(DescribeNamespace, new()));

        Assert.Equal(text, failure.Detail<NamespaceNotFoundFailure>()?.Namespace);
    }

    [Fact]
    public async Task A_method_that_the_server_does_not_have_is_unimplemented()
    {
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (_, _) => new(new DescribeNamespaceResponse()));
        await using var server = await StartAsync(table);

        var method = await Fails(server.CallAsync(ListNamespaces, new()));
        var service = await Fails(server.CallAsync(HealthService.Check, new()));

        Assert.Equal((RpcStatus.Unimplemented, $"unknown method ListNamespaces for service {Service}"), (method.Status, method.Message));
        Assert.Equal((RpcStatus.Unimplemented, "unknown service grpc.health.v1.Health"), (service.Status, service.Message));
    }

    [Fact]
    public async Task A_bug_in_a_handler_is_internal_and_tells_nothing_of_itself()
    {
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (_, _) => throw new InvalidOperationException("secret"));
        await using var server = await StartAsync(table);

        var failure = await Fails(server.CallAsync(DescribeNamespace, new()));

        Assert.Equal(RpcStatus.Internal, failure.Status);
        Assert.DoesNotContain("secret", failure.Message);
    }

    [Fact]
    public async Task Metadata_of_channel_and_call_reach_the_handler_and_the_calls_own_wins()
    {
        RpcServerCall? seen = null;
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (_, call) =>
        {
            seen = call with { Metadata = call.Metadata.ToDictionary() };
            return new(new DescribeNamespaceResponse());
        });
        await using var server = await StartAsync(table);

        await server.CallAsync(DescribeNamespace, new(), new() { Metadata = new Dictionary<string, string> { ["Client-Version"] = "2" } });

        Assert.NotNull(seen);
        Assert.Equal("test", seen.Metadata["client-name"]);
        Assert.Equal("2", seen.Metadata["client-version"]);
        Assert.Equal(DescribeNamespace.Path, seen.Path);
        Assert.Null(seen.Deadline);
    }

    [Fact]
    public async Task The_deadline_ends_the_call_for_the_caller_and_for_the_handler()
    {
        var handlerSaw = new TaskCompletionSource<DateTimeOffset?>();
        var table = new RpcServiceTable();
        table.Add(PollWorkflowTaskQueue, async (_, call) =>
        {
            using var wake = call.Cancelled.Register(() => handlerSaw.TrySetResult(call.Deadline));
            await handlerSaw.Task;
            call.Cancelled.ThrowIfCancellationRequested();
            return new();
        });
        await using var server = await StartAsync(table);

        // Long enough for the call to arrive on a busy machine: one that is over before it arrives reaches no handler.
        var failure = await Fails(server.CallAsync(PollWorkflowTaskQueue, new(), new() { Timeout = TimeSpan.FromSeconds(2) }));

        Assert.Equal(RpcStatus.DeadlineExceeded, failure.Status);
        Assert.NotNull(await handlerSaw.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task Cancelling_the_call_reaches_the_handler()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var table = new RpcServiceTable();
        table.Add(PollWorkflowTaskQueue, async (_, call) =>
        {
            using var wake = call.Cancelled.Register(() => cancelled.TrySetResult());
            started.SetResult();
            await cancelled.Task;
            call.Cancelled.ThrowIfCancellationRequested();
            return new();
        });
        await using var server = await StartAsync(table);
        using var cancel = new CancellationTokenSource();

        var call = server.CallAsync(PollWorkflowTaskQueue, new(), RpcCallOptions.None, cancel.Token);
        await started.Task.WaitAsync(Patience);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        await cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Neither_side_sees_the_other_change_a_message()
    {
        var kept = new DescribeNamespaceResponse { NamespaceInfo = new() { Description = "as answered" } };
        DescribeNamespaceRequest? received = null;
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (request, _) =>
        {
            received = request;
            return new(kept);
        });
        await using var server = await StartAsync(table);
        var request = new DescribeNamespaceRequest { Namespace = "as sent" };

        var answer = await server.CallAsync(DescribeNamespace, request);
        request.Namespace = "changed";
        answer.NamespaceInfo.Description = "changed";

        Assert.Equal("as sent", received?.Namespace);
        Assert.Equal("as answered", kept.NamespaceInfo.Description);
    }

    [Fact]
    public async Task The_hook_sees_the_request_before_the_handler_and_can_refuse_it()
    {
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (_, _) => new(new DescribeNamespaceResponse()));
        await using var server = await StartAsync(table, options => options with
        {
            Admit = (request, _) => ((DescribeNamespaceRequest)request).Namespace == "mine"
                ? ValueTask.CompletedTask
                : throw new RpcFailure(RpcStatus.PermissionDenied, "not yours"),
        });

        var failure = await Fails(server.CallAsync(DescribeNamespace, new() { Namespace = "theirs" }));

        Assert.NotNull(await server.CallAsync(DescribeNamespace, new() { Namespace = "mine" }));
        Assert.Equal((RpcStatus.PermissionDenied, "not yours"), (failure.Status, failure.Message));
    }

    [Fact]
    public async Task Stopping_the_server_ends_waiting_calls_and_later_ones_are_unavailable()
    {
        var started = new TaskCompletionSource();
        var table = new RpcServiceTable();
        table.Add(PollWorkflowTaskQueue, async (_, call) =>
        {
            var gone = new TaskCompletionSource();
            using var wake = call.Cancelled.Register(() => gone.TrySetResult());
            started.SetResult();
            await gone.Task;
            call.Cancelled.ThrowIfCancellationRequested();
            return new();
        });
        await using var server = await StartAsync(table);

        var waiting = Fails(server.CallAsync(PollWorkflowTaskQueue, new()));
        await started.Task.WaitAsync(Patience);
        await server.StopAsync();
        var late = await Fails(server.CallAsync(DescribeNamespace, new()));

        Assert.Contains((await waiting).Status, new[] { RpcStatus.Unavailable, RpcStatus.Cancelled });
        Assert.Equal(RpcStatus.Unavailable, late.Status);
        Assert.Contains(server.Address, late.Message);
    }

    [Fact]
    public async Task A_thousand_polls_wait_at_the_same_time()
    {
        var arrived = 0;
        var all = new TaskCompletionSource();
        var table = new RpcServiceTable();
        table.Add(PollWorkflowTaskQueue, async (_, _) =>
        {
            if (Interlocked.Increment(ref arrived) == 1000)
                all.SetResult();
            await all.Task;
            return new();
        });
        await using var server = await StartAsync(table);

        var polls = Enumerable.Range(0, 1000).Select(_ => server.CallAsync(PollWorkflowTaskQueue, new())).ToList();

        await Task.WhenAll(polls).WaitAsync(Patience);
        Assert.Equal(1000, arrived);
    }

    static byte[] Incompressible(int size)
    {
        var data = new byte[size];
        new Random(size).NextBytes(data);
        return data;
    }

    static QueryWorkflowRequest QueryWith(byte[] data) =>
        new() { Query = new() { QueryArgs = new() { Payloads_ = { new Payload { Data = UnsafeByteOperations.UnsafeWrap(data) } } } } };

    static async Task<RpcFailure> Fails(Task call) =>
        await Assert.ThrowsAsync<RpcFailure>(() => call.WaitAsync(Patience));
}
