using System.Net.Sockets;

namespace Temporal.Protocol;

/// <summary>What it means for a call that HTTP could not carry it.</summary>
static class TransportFailure
{
    // Error codes of HTTP/2 streams that gRPC gives a meaning of their own.
    const long EnhanceYourCalm = 0xb;
    const long InadequateSecurity = 0xc;

    public static RpcFailure Of(Exception failure, string address)
    {
        var status = ResetCode(failure) switch
        {
            EnhanceYourCalm => RpcStatus.ResourceExhausted,
            InadequateSecurity => RpcStatus.PermissionDenied,
            _ => RpcStatus.Unavailable,
        };
        return new(status, $"No answer from {address}: {Reason(failure)}");
    }

    static long? ResetCode(Exception failure)
    {
        for (var at = failure; at is not null; at = at.InnerException)
        {
            if (at is HttpProtocolException protocol)
                return protocol.ErrorCode;
        }

        return null;
    }

    static string Reason(Exception failure)
    {
        if (failure is OperationCanceledException)
            return "connecting took too long, or the channel was closed.";

        var innermost = failure;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        return (failure as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"its host name cannot be resolved ({innermost.Message}).",
            HttpRequestError.ConnectionError when innermost is SocketException => $"{innermost.Message}. Is a server running there?",
            HttpRequestError.SecureConnectionError => $"no secure connection: {innermost.Message}",
            _ => $"the connection broke: {innermost.Message}",
        };
    }
}
