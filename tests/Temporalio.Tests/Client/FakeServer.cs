using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;

namespace Temporalio.Tests.Client;

/// <summary>A server in this process that answers what a test says, and keeps the metadata of the last call.</summary>
sealed class FakeServer : IDisposable
{
    readonly RpcServiceTable _table = new();
    IDisposable? _registration;

    public FakeServer() =>
        Answer(WorkflowServiceMethods.GetSystemInfo, _ => new GetSystemInfoResponse { ServerVersion = "1.0" });

    public string Address { get; } = $"fake-{Guid.NewGuid():N}:7233";

    public RpcServerCall? LastCall { get; private set; }

    public FakeServer Answer<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, Func<TRequest, TResponse> answer)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>, new()
        where TResponse : class, Google.Protobuf.IMessage<TResponse>, new()
    {
        _table.Add(method, (request, call) =>
        {
            LastCall = call;
            return ValueTask.FromResult(answer(request));
        });
        return this;
    }

    /// <summary>Starts the server; no answers can be added after.</summary>
    public void Start() => _registration ??= InProcessEndpoints.Register(Address, _table);

    public async Task<TemporalClient> ConnectAsync(
        DataConverter? converter = null, IReadOnlyCollection<IClientInterceptor>? interceptors = null)
    {
        Start();
        return await TemporalClient.ConnectAsync(new(Address)
        {
            Namespace = "tests",
            Identity = "tester",
            DataConverter = converter ?? DataConverter.Default,
            Interceptors = interceptors,
        });
    }

    public void Dispose() => _registration?.Dispose();
}
