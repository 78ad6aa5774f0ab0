using Google.Protobuf;
using Temporal.Protocol;

namespace Temporal.Engine.Tests;

/// <summary>An engine on a folder of its own, called as a client calls it.</summary>
sealed class RunningEngine : IAsyncDisposable
{
    readonly string _folder;
    TemporalEngine _engine;
    RpcChannel _channel;

    RunningEngine(string folder, TemporalEngine engine)
    {
        _folder = folder;
        _engine = engine;
        _channel = Connect(engine);
    }

    public TemporalEngine Engine => _engine;

    public static async Task<RunningEngine> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("engine-frontend-").FullName;
        return new(folder, await OpenAsync(folder));
    }

    /// <summary>Stops the engine and starts another one on the same data.</summary>
    public async Task RestartAsync()
    {
        await _channel.DisposeAsync();
        await _engine.DisposeAsync();
        _engine = await OpenAsync(_folder);
        _channel = Connect(_engine);
    }

    public Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        _channel.CallAsync(method, request, options ?? new() { Timeout = TimeSpan.FromSeconds(20) }, CancellationToken.None);

    public async Task<RpcFailure> FailAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions? options = null)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        await Assert.ThrowsAsync<RpcFailure>(() => CallAsync(method, request, options));

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    static Task<TemporalEngine> OpenAsync(string folder) =>
        TemporalEngine.StartAsync(new() { DataDirectory = folder, Listen = null }, CancellationToken.None);

    static RpcChannel Connect(TemporalEngine engine) => RpcChannel.Connect(new() { Address = engine.Address });
}
