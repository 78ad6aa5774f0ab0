using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Health.V1;
using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <inheritdoc cref="ITemporalConnection"/>
public sealed class TemporalConnection : ITemporalConnection
{
    static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> HealthCheck = new("grpc.health.v1.Health", "Check");

    readonly RpcChannel _channel;
    readonly RpcBackoff _backoff;
    readonly TimeProvider _time;
    readonly Lock _lock = new();
    volatile RpcMetadataCache _metadata;
    IReadOnlyCollection<KeyValuePair<string, string>> _rpcMetadata;
    IReadOnlyCollection<KeyValuePair<string, byte[]>> _rpcBinaryMetadata;
    string? _apiKey;
    Task<GetSystemInfoResponse>? _systemInfo;

    internal TemporalConnection(TemporalConnectionOptions options, RpcChannel channel, TimeProvider time)
    {
        Options = options;
        _channel = channel;
        _time = time;
        _backoff = RpcBackoff.From(options.RpcRetry);
        _rpcMetadata = options.RpcMetadata ?? [];
        _rpcBinaryMetadata = options.RpcBinaryMetadata ?? [];
        _apiKey = options.ApiKey;
        _metadata = new(_rpcMetadata, _rpcBinaryMetadata, _apiKey);
        WorkflowService = new WorkflowService.Core(this);
        OperatorService = new OperatorService.Core(this);
    }

    public IReadOnlyCollection<KeyValuePair<string, string>> RpcMetadata
    {
        get => _rpcMetadata;
        set => ChangeMetadata(() => _rpcMetadata = value);
    }

    public IReadOnlyCollection<KeyValuePair<string, byte[]>> RpcBinaryMetadata
    {
        get => _rpcBinaryMetadata;
        set => ChangeMetadata(() => _rpcBinaryMetadata = value);
    }

    public string? ApiKey
    {
        get => _apiKey;
        set => ChangeMetadata(() => _apiKey = value);
    }

    public WorkflowService WorkflowService { get; }

    public OperatorService OperatorService { get; }

    public TemporalConnectionOptions Options { get; }

    public bool IsConnected => _systemInfo is { IsCompletedSuccessfully: true };

    /// <summary>Always null: there is no native library in this package.</summary>
    public SafeHandle? BridgeClient => null;

    /// <summary>What the server can do; empty before the first answer and for servers too old to say.</summary>
    internal GetSystemInfoResponse.Types.Capabilities Capabilities =>
        _systemInfo is { IsCompletedSuccessfully: true } known ? known.Result.Capabilities ?? new() : new();

    /// <summary>Connects and waits for the server's first answer.</summary>
    /// <exception cref="InvalidOperationException">The server cannot be reached or refuses; it is asked once.</exception>
    public static async Task<TemporalConnection> ConnectAsync(TemporalConnectionOptions options)
    {
        var connection = CreateLazy(options);
        await connection.ConnectAsync();
        return connection;
    }

    /// <summary>A connection that connects with its first call.</summary>
    /// <exception cref="ArgumentException">The options have no or a wrong address.</exception>
    public static TemporalConnection CreateLazy(TemporalConnectionOptions options)
    {
        var own = (TemporalConnectionOptions)options.Clone();
        own.Identity ??= $"{Environment.ProcessId}@{Environment.MachineName}";
        return new(own, RpcChannel.Connect(ChannelOptions.From(own)), TimeProvider.System);
    }

    public async Task<bool> CheckHealthAsync(RpcService? service = null, RpcOptions? options = null)
    {
        var response = await CallAsync(
            HealthCheck,
            new HealthCheckRequest { Service = (service ?? WorkflowService).FullName },
            string.Empty,
            options?.Retry == true ? RpcRetry.Calls : RpcRetry.None,
            options);
        return response.Status == HealthCheckResponse.Types.ServingStatus.Serving;
    }

    public async Task ConnectAsync() => await SystemInfoAsync();

    /// <summary>A call with the caller's options.</summary>
    internal Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, string ns, RpcRetry retry, RpcOptions? options)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var call = _metadata.For(ns, options?.Timeout ?? RpcTimeouts.For(request), options);
        return CallAsync(method, request, call, retry, options?.CancellationToken ?? CancellationToken.None);
    }

    /// <summary>A call of a worker.</summary>
    /// <param name="method">The method.</param>
    /// <param name="request">Not changed, and not kept after the call.</param>
    /// <param name="ns">Namespace of the request.</param>
    /// <param name="retry">What follows a failure.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="RpcException">The server answered with an error, or the retries are used up.</exception>
    internal Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, string ns, RpcRetry retry, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        CallAsync(method, request, _metadata.For(ns, RpcTimeouts.For(request), null), retry, cancellationToken);

    async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions call,
        RpcRetry retry,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        if (!IsConnected && method.Name != nameof(WorkflowServiceMethods.GetSystemInfo) && method != (object)HealthCheck)
            await SystemInfoAsync().WaitAsync(cancellationToken);

        var started = _time.GetTimestamp();
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await _channel.CallAsync(method, request, call, cancellationToken);
            }
            catch (RpcFailure failure)
            {
                if (DelayAfter(failure, retry, tries, _time.GetElapsedTime(started)) is not { } delay)
                    throw RpcException.From(failure);

                await Task.Delay(delay, _time, cancellationToken);
            }
        }
    }

    TimeSpan? DelayAfter(RpcFailure failure, RpcRetry retry, int tries, TimeSpan elapsed) =>
        retry == RpcRetry.Calls ? _backoff.NextDelay(failure.Status, tries, elapsed, Random.Shared.NextDouble()) : null;

    Task<GetSystemInfoResponse> SystemInfoAsync()
    {
        lock (_lock)
        {
            // A failed try is not kept: the next call tries again.
            if (_systemInfo is null or { IsFaulted: true } or { IsCanceled: true })
                _systemInfo = AskSystemInfoAsync();
            return _systemInfo;
        }
    }

    async Task<GetSystemInfoResponse> AskSystemInfoAsync()
    {
        // Not inside the lock that the caller holds.
        await Task.Yield();
        try
        {
            return await CallAsync(
                WorkflowServiceMethods.GetSystemInfo, new GetSystemInfoRequest(), string.Empty, RpcRetry.None, options: null);
        }
        catch (RpcException error) when (error.Code == RpcException.StatusCode.Unimplemented)
        {
            // Servers before 1.14 do not have it; they can do nothing of what it would say.
            return new();
        }
        catch (RpcException error)
        {
            // Not connecting has another type than a failed call, as in the official package.
            throw new InvalidOperationException($"Connection failed: {error.Message}", error);
        }
    }

    void ChangeMetadata(Action change)
    {
        lock (_lock)
        {
            change();
            _metadata = new(_rpcMetadata, _rpcBinaryMetadata, _apiKey);
        }
    }
}
