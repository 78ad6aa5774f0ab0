using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Temporal.Protocol;

/// <summary>Finds the handler of a path and turns whatever it throws into an <see cref="RpcFailure"/>. Common to both transports.</summary>
sealed class RpcDispatcher
{
    readonly Dictionary<string, RpcHandler> _handlers = new(StringComparer.Ordinal);
    readonly HashSet<string> _services = new(StringComparer.Ordinal);
    readonly Func<IMessage, RpcServerCall, ValueTask>? _admit;
    readonly ILogger _logger;

    public RpcDispatcher(RpcServerOptions options)
    {
        foreach (var (path, handler) in options.Tables.SelectMany(table => table.Handlers))
        {
            _handlers.Add(path, handler);
            _services.Add(path[1..path.LastIndexOf('/')]);
        }

        _admit = options.Admit;
        _logger = options.LoggerFactory.CreateLogger("Temporal.Protocol.Server");
    }

    public RpcHandler Find(string path) => _handlers.TryGetValue(path, out var handler) ? handler : throw Unknown(path);

    /// <param name="deadlinePassed">Whether a cancellation is the caller's deadline or its going away.</param>
    public async ValueTask<IMessage> AnswerAsync(RpcHandler handler, IMessage request, RpcServerCall call, Func<bool> deadlinePassed)
    {
        try
        {
            if (_admit is not null)
                await _admit(request, call).ConfigureAwait(false);
            return await handler.Handle(request, call).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.Cancelled.IsCancellationRequested)
        {
            throw deadlinePassed()
                ? new RpcFailure(RpcStatus.DeadlineExceeded, "context deadline exceeded")
                : new RpcFailure(RpcStatus.Cancelled, "context canceled");
        }
        catch (Exception ex) when (ex is not RpcFailure)
        {
            RpcServerLog.HandlerFailed(_logger, call.Path, ex);
            throw new RpcFailure(RpcStatus.Internal, $"The server failed to answer {call.Path}; its log has the reason.");
        }
    }

    RpcFailure Unknown(string path)
    {
        var slash = path.LastIndexOf('/');
        if (slash <= 0)
            return new(RpcStatus.Unimplemented, $"malformed method name: \"{path}\"");

        var service = path[1..slash];
        return _services.Contains(service)
            ? new(RpcStatus.Unimplemented, $"unknown method {path[(slash + 1)..]} for service {service}")
            : new(RpcStatus.Unimplemented, $"unknown service {service}");
    }
}

/// <summary>Events 4900-4909: the transport of the engine.</summary>
static partial class RpcServerLog
{
    [LoggerMessage(4900, LogLevel.Error, "The handler of {Method} failed")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception failure);

    [LoggerMessage(4901, LogLevel.Debug, "The answer to {Method} could not be sent")]
    public static partial void AnswerNotSent(ILogger logger, string method, Exception failure);
}
