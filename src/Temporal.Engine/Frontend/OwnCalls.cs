using Google.Protobuf;
using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>The engine as its own caller: batch operations and namespace deletion do what a client could do, by the same calls.</summary>
sealed class OwnCalls(RpcServiceTable table)
{
    static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    public bool Has<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        table.Handlers.ContainsKey(method.Path);

    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        if (!table.Handlers.TryGetValue(method.Path, out var handler))
            throw new RpcFailure(RpcStatus.Unimplemented, $"{method.Name} is not there.");

        var call = new RpcServerCall(NoMetadata, Deadline: null, cancellationToken) { Path = method.Path };
        return (TResponse)await handler.Handle(request, call);
    }
}
