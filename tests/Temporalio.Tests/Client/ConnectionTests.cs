using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Client;

public sealed class ConnectionTests : IDisposable
{
    readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_lazy_connection_connects_with_its_first_call()
    {
        _server.Answer(WorkflowServiceMethods.SignalWorkflowExecution, _ => new SignalWorkflowExecutionResponse());
        var client = TemporalClient.CreateLazy(new(_server.Address));
        Assert.False(client.Connection.IsConnected);

        _server.Start();
        await client.GetWorkflowHandle("w").SignalAsync("s", []);

        Assert.True(client.Connection.IsConnected);
    }

    [Fact]
    public async Task A_call_that_fails_in_passing_is_made_again()
    {
        var calls = 0;
        _server.Answer(WorkflowServiceMethods.SignalWorkflowExecution, _ =>
            ++calls < 3 ? throw new RpcFailure(RpcStatus.Unavailable, "restarting") : new SignalWorkflowExecutionResponse());
        var client = await _server.ConnectAsync();

        await client.GetWorkflowHandle("w").SignalAsync("s", []);

        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Raw_calls_and_calls_without_retry_are_made_once()
    {
        var calls = 0;
        _server.Answer<SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse>(
            WorkflowServiceMethods.SignalWorkflowExecution,
            _ =>
            {
                calls++;
                throw new RpcFailure(RpcStatus.Unavailable, "restarting");
            });
        var client = await _server.ConnectAsync();

        await Assert.ThrowsAsync<RpcException>(() => client.WorkflowService.SignalWorkflowExecutionAsync(new()));
        var error = await Assert.ThrowsAsync<RpcException>(
            () => client.GetWorkflowHandle("w").SignalAsync("s", [], new() { Rpc = new() { Retry = false } }));

        Assert.Equal((2, RpcException.StatusCode.Unavailable, "restarting"), (calls, error.Code, error.Message));
    }

    [Fact]
    public async Task A_cancelled_call_is_given_up()
    {
        using var cancel = new CancellationTokenSource();
        _server.Answer<SignalWorkflowExecutionRequest, SignalWorkflowExecutionResponse>(
            WorkflowServiceMethods.SignalWorkflowExecution,
            _ =>
            {
                cancel.Cancel();
                throw new RpcFailure(RpcStatus.Unavailable, "restarting");
            });
        var client = await _server.ConnectAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetWorkflowHandle("w").SignalAsync(
            "s", [], new() { Rpc = new() { CancellationToken = cancel.Token } }));
    }

    [Fact]
    public async Task A_server_too_old_to_describe_itself_is_good_enough()
    {
        using var old = InProcessEndpoints.Register("old-server:7233", new RpcServiceTable());

        var connection = await TemporalConnection.ConnectAsync(new("old-server:7233"));

        Assert.True(connection.IsConnected);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_fails_the_connect_at_once_and_not_for_ever()
    {
        var lazy = TemporalConnection.CreateLazy(new(_server.Address) { Tls = new() { Disabled = true } });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(lazy.ConnectAsync);
        Assert.Equal(RpcException.StatusCode.Unavailable, Assert.IsType<RpcException>(error.InnerException).Code);

        _server.Start();
        await lazy.ConnectAsync();
        Assert.True(lazy.IsConnected);
    }

    [Fact]
    public void A_connection_needs_an_address()
    {
        var error = Assert.Throws<ArgumentException>(() => TemporalConnection.CreateLazy(new()));

        Assert.Contains("HOST:PORT", error.Message);
    }

    [Fact]
    public async Task Binary_metadata_must_be_named_so()
    {
        var client = await _server.ConnectAsync();
        client.Connection.RpcMetadata = [KeyValuePair.Create("trace-bin", "x")];

        var error = await Assert.ThrowsAsync<ArgumentException>(() => client.GetWorkflowHandle("w").DescribeAsync());

        Assert.Contains("trace-bin", error.Message);
    }

    [Fact]
    public async Task Interceptors_are_called_outermost_first()
    {
        _server.Answer(WorkflowServiceMethods.SignalWorkflowExecution, _ => new SignalWorkflowExecutionResponse());
        var log = new List<string>();
        var client = await _server.ConnectAsync(interceptors: [new Recording("a", log), new Recording("b", log)]);

        await client.GetWorkflowHandle("w").SignalAsync("s", []);

        Assert.Equal(["a", "b"], log);
    }

    sealed class Recording(string name, List<string> log) : Temporalio.Client.Interceptors.IClientInterceptor
    {
        public Temporalio.Client.Interceptors.ClientOutboundInterceptor InterceptClient(
            Temporalio.Client.Interceptors.ClientOutboundInterceptor nextInterceptor) => new Outbound(nextInterceptor, name, log);

        sealed class Outbound(Temporalio.Client.Interceptors.ClientOutboundInterceptor next, string name, List<string> log)
            : Temporalio.Client.Interceptors.ClientOutboundInterceptor(next)
        {
            public override Task SignalWorkflowAsync(Temporalio.Client.Interceptors.SignalWorkflowInput input)
            {
                log.Add(name);
                return base.SignalWorkflowAsync(input);
            }
        }
    }
}
