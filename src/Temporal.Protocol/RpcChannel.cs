using Google.Protobuf;

namespace Temporal.Protocol;

/// <summary>
/// A way to a server: a socket, or an endpoint in this process. Which of the two follows from the address alone.
/// Safe for concurrent calls. A call that does not end well throws <see cref="RpcFailure"/>; one whose token is
/// cancelled throws <see cref="OperationCanceledException"/>.
/// </summary>
public abstract class RpcChannel : IAsyncDisposable
{
    /// <summary>Opens no connection yet; the first call does. A wrong option throws <see cref="ArgumentException"/>.</summary>
    public static RpcChannel Connect(RpcChannelOptions options) => new AddressChannel(options);

    public abstract Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions options,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new();

    public abstract ValueTask DisposeAsync();
}
