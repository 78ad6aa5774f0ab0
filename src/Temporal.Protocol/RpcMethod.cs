using Google.Protobuf;

namespace Temporal.Protocol;

/// <summary>One unary method: where it is on the wire and how its messages are read.</summary>
/// <param name="Service">Full service name, such as <c>temporal.api.workflowservice.v1.WorkflowService</c>.</param>
/// <param name="Name">Method name, such as <c>StartWorkflowExecution</c>.</param>
public sealed record RpcMethod<TRequest, TResponse>(string Service, string Name)
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public string Path { get; } = $"/{Service}/{Name}";

    public MessageParser<TRequest> RequestParser { get; } = new(() => new TRequest());

    public MessageParser<TResponse> ResponseParser { get; } = new(() => new TResponse());
}
