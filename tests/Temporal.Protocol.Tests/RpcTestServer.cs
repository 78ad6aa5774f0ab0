using Google.Protobuf;
using Temporal.Protocol;

namespace Temporal.Protocol.Tests;

/// <summary>A server and a channel to it.</summary>
sealed class RpcTestServer(string address, Func<ValueTask> stop, RpcChannel channel) : IAsyncDisposable
{
    public string Address => address;

    public Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions? options = null, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        channel.CallAsync(method, request, options ?? RpcCallOptions.None, cancellationToken);

    public ValueTask StopAsync() => stop();

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await stop();
    }

    public static RpcChannelOptions ChannelTo(string address) => new()
    {
        Address = address,
        Metadata = new Dictionary<string, string> { ["client-name"] = "test", ["client-version"] = "1" },
    };
}
