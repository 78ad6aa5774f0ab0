using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker.Polling;

namespace Temporalio.Worker.Tasks;

/// <summary>A worker's calls to the server: who it is, and how long a call is worth repeating.</summary>
sealed record WorkerRpc(Func<IWorkerClient> Client, string Namespace, string Identity, string TaskQueue, TimeProvider Time)
{
    /// <summary>Names this worker for the server; a new one for each.</summary>
    public string InstanceKey { get; } = Guid.NewGuid().ToString();

    /// <summary>Polls: one try, because the poller has its own way to wait.</summary>
    public Task<TResponse> PollAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Connection.CallAsync(method, request, Namespace, RpcRetry.None, cancellationToken);

    /// <summary>Reports and requests, repeated for some seconds.</summary>
    public Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Connection.CallAsync(method, request, Namespace, RpcRetry.Calls, cancellationToken);

    /// <summary>
    /// Reports that nothing else would make good, such as the end of an activity: repeated until the server answers, and for some
    /// seconds more once the worker stops.
    /// </summary>
    public async Task<TResponse> InsistAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken stopping)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var backoff = new PollBackoff();
        while (true)
        {
            try
            {
                return await CallAsync(method, request, CancellationToken.None);
            }
            catch (RpcException away) when (RpcBackoff.MayPass((RpcStatus)away.Code) && !stopping.IsCancellationRequested)
            {
                var wait = backoff.Failed(away, Random.Shared.NextDouble());
                await Task.Delay(wait, Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    TemporalConnection Connection => Client().BridgeClientProvider as TemporalConnection
        ?? throw new InvalidOperationException("The worker's client has no TemporalConnection; make it with TemporalClient.ConnectAsync.");
}
