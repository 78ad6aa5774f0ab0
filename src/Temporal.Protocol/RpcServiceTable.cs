using Google.Protobuf;

namespace Temporal.Protocol;

/// <summary>The methods that a server answers, by path. A path that is not in it is answered UNIMPLEMENTED.</summary>
public sealed class RpcServiceTable
{
    readonly Dictionary<string, RpcHandler> _handlers = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, RpcHandler> Handlers => _handlers;

    public void Add<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, Func<TRequest, RpcServerCall, ValueTask<TResponse>> handle)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        _handlers.Add(method.Path, new(
            method.RequestParser,
            async (request, call) => await handle((TRequest)request, call),
            message => ((TRequest)message).Clone(),
            message => ((TResponse)message).Clone()));
}

/// <summary>One method of a server with its types erased.</summary>
public sealed record RpcHandler(
    MessageParser RequestParser,
    Func<IMessage, RpcServerCall, ValueTask<IMessage>> Handle,
    Func<IMessage, IMessage> CloneRequest,
    Func<IMessage, IMessage> CloneResponse);
