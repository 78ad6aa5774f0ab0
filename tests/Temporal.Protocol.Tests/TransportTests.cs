using Temporal.Protocol;

namespace Temporal.Protocol.Tests;

public sealed class SocketTransportTests : RpcTransportContract
{
    private protected override Task<RpcTestServer> StartAsync(RpcServiceTable table, Func<RpcServerOptions, RpcServerOptions>? change) =>
        StartAsync(table, change, compress: false);

    internal static async Task<RpcTestServer> StartAsync(
        RpcServiceTable table, Func<RpcServerOptions, RpcServerOptions>? change, bool compress)
    {
        var options = new RpcServerOptions { Tables = [table] };
        var server = await RpcServer.StartAsync(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
        var channel = RpcChannel.Connect(RpcTestServer.ChannelTo(server.Address) with { Compress = compress });
        return new(server.Address, server.DisposeAsync, channel);
    }
}

public sealed class CompressedSocketTransportTests : RpcTransportContract
{
    private protected override Task<RpcTestServer> StartAsync(RpcServiceTable table, Func<RpcServerOptions, RpcServerOptions>? change) =>
        SocketTransportTests.StartAsync(table, change, compress: true);
}

public sealed class InProcessTransportTests : RpcTransportContract
{
    private protected override Task<RpcTestServer> StartAsync(RpcServiceTable table, Func<RpcServerOptions, RpcServerOptions>? change)
    {
        // No such host exists, so a call that took the socket all the same would fail.
        var address = $"in-process-{Guid.NewGuid():N}.invalid:1";
        var options = new RpcServerOptions { Tables = [table] };
        var registration = InProcessEndpoints.Register(address, change?.Invoke(options) ?? options);
        return Task.FromResult(new RpcTestServer(address, Stop, RpcChannel.Connect(RpcTestServer.ChannelTo(address))));

        ValueTask Stop()
        {
            registration.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
