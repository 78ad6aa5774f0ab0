using Google.Protobuf;

namespace Temporalio.Client;

/// <summary>One gRPC service of the server, as methods that take and give messages.</summary>
public abstract class RpcService
{
    internal abstract string FullName { get; }

    /// <summary>Calls one method.</summary>
    /// <param name="rpc">Name of the method, such as <c>StartWorkflowExecution</c>.</param>
    /// <param name="req">The request.</param>
    /// <param name="resp">Parser of the response.</param>
    /// <param name="options">Deadline, metadata, cancellation, retry.</param>
    /// <exception cref="Exceptions.RpcException">The server answered with an error.</exception>
    protected abstract Task<T> InvokeRpcAsync<T>(
        string rpc, IMessage req, MessageParser<T> resp, RpcOptions? options = null)
        where T : IMessage<T>;
}
