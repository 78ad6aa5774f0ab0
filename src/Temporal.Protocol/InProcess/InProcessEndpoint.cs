using Google.Protobuf;

namespace Temporal.Protocol;

/// <summary>
/// Calls to a server of this process. Behaves like the socket: request and answer are copies, so that neither side sees
/// the other change a message; the handler runs outside the caller's context; the caller stops waiting at its deadline.
/// </summary>
sealed class InProcessEndpoint : IDisposable
{
    readonly string _address;
    readonly RpcDispatcher _dispatcher;
    readonly RpcServerOptions _options;
    readonly CancellationTokenSource _stop = new();
    readonly CancellationToken _stopped;

    public InProcessEndpoint(string address, RpcDispatcher dispatcher, RpcServerOptions options)
    {
        _address = address;
        _dispatcher = dispatcher;
        _options = options;
        _stopped = _stop.Token;
    }

    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions callOptions,
        IReadOnlyDictionary<string, string> metadata,
        TimeProvider time,
        CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        cancellationToken.ThrowIfCancellationRequested();
        var handler = _dispatcher.Find(method.Path);
        ThrowIfTooLarge(request);

        var deadline = new CallDeadline(callOptions.Timeout, time, cancellationToken, _stopped);
        var call = new RpcServerCall(
            MetadataOf(metadata, callOptions.Metadata), _options.TimeProvider.GetUtcNow() + callOptions.Timeout, deadline.Token)
        {
            Path = method.Path,
        };
        var answer = HandleAsync(handler, request.Clone(), call, deadline);
        // A handler that fails after its caller has left has nobody else to look at its failure.
        _ = answer.ContinueWith(
            late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        try
        {
            return (TResponse)await answer.WaitAsync(call.Cancelled).ConfigureAwait(false);
        }
        catch (Exception ex) when (ex is RpcFailure or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FailureOf(ex, method.Path, callOptions.Timeout, deadline.HasPassed);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>Owns the deadline: a handler may go on after its caller has left, and still look at its token.</summary>
    async Task<IMessage> HandleAsync(RpcHandler handler, IMessage request, RpcServerCall call, CallDeadline deadline)
    {
        using (deadline)
        {
            // Neither the caller's task scheduler nor its async locals reach the handler, as over the socket.
            Task<IMessage> answer;
            using (ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow())
                answer = Task.Run(
                    async () =>
                        handler.CloneResponse(
                            await _dispatcher.AnswerAsync(handler, request, call, () => deadline.HasPassed).ConfigureAwait(false)));
            return await answer.ConfigureAwait(false);
        }
    }

    void ThrowIfTooLarge(IMessage request)
    {
        var size = request.CalculateSize();
        if (size > _options.RequestBytesMax)
            throw RequestReader.TooLarge("grpc: received message", size, _options.RequestBytesMax);
    }

    RpcFailure FailureOf(Exception ex, string path, TimeSpan? timeout, bool deadlinePassed)
    {
        if (deadlinePassed)
            return CallDeadline.Exceeded(path, timeout);
        if (_stopped.IsCancellationRequested)
            return new(RpcStatus.Unavailable, $"No answer from {_address}: the server in this process has stopped.");

        // A copy: the handler may keep the failure it threw, and its details are mutable.
        return ex is RpcFailure failure
            ? new(failure.Status, failure.Message, [.. failure.Details.Select(detail => detail.Clone())])
            : new(RpcStatus.Cancelled, $"The call {path} was cancelled by the server.");
    }

    static IReadOnlyDictionary<string, string> MetadataOf(
        IReadOnlyDictionary<string, string> channel, IReadOnlyDictionary<string, string> call)
    {
        if (call.Count == 0)
            return channel;

        var both = new Dictionary<string, string>(channel, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in call)
            both[name.ToLowerInvariant()] = value;
        return both;
    }
}
