namespace Temporal.Protocol;

/// <summary>
/// Looks at each call whether its address is registered in this process, and else goes through the socket. Decided per
/// call because an engine may come and go under its address while clients keep their channel.
/// </summary>
sealed class AddressChannel : RpcChannel
{
    readonly RpcChannelOptions _options;
    readonly IReadOnlyDictionary<string, string> _metadata;
    readonly Lazy<SocketChannel> _socket;
    volatile bool _disposed;

    public AddressChannel(RpcChannelOptions options)
    {
        _options = options;
        _metadata = MetadataOf(options);
        var uri = ServerUri.Parse(options);
        _socket = new(() => new(options, uri, SocketHandler.Create(options, uri), _metadata));
    }

    public override Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        return _options.AllowInProcess && InProcessEndpoints.Find(_options.Address) is { } endpoint
            ? endpoint.CallAsync(method, request, options, _metadata, _options.TimeProvider, cancellationToken)
            : _socket.Value.CallAsync(method, request, options, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        return _socket.IsValueCreated ? _socket.Value.DisposeAsync() : ValueTask.CompletedTask;
    }

    static Dictionary<string, string> MetadataOf(RpcChannelOptions options)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (options.ApiKey is not null)
            metadata["authorization"] = $"Bearer {options.ApiKey}";
        foreach (var (name, value) in options.Metadata)
            metadata[name.ToLowerInvariant()] = value;
        return metadata;
    }
}
