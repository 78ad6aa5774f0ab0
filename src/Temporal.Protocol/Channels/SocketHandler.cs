using System.Net;

namespace Temporal.Protocol;

/// <summary>The HTTP/2 connections under a channel.</summary>
static class SocketHandler
{
    /// <summary>Trailers carry typed details, which may hold a whole failure with its stack trace.</summary>
    const int HeadersLengthMaxKib = 1024;

    public static SocketsHttpHandler Create(RpcChannelOptions options, Uri server)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = options.ConnectionLifetime,
            // Long polls are what keeps connections busy; the pings keep middleboxes from forgetting them.
            KeepAlivePingDelay = options.KeepAliveInterval,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            EnableMultipleHttp2Connections = true,
#pragma warning disable CA2262 // The unit is right: kibibytes.
            MaxResponseHeadersLength = HeadersLengthMaxKib,
#pragma warning restore CA2262
            AutomaticDecompression = DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy can pass HTTP/2 on only inside a TLS tunnel.
            UseProxy = options.Encrypted && !ServerUri.IsThisMachine(server),
            ActivityHeadersPropagator = null,
        };
        if (options.Encrypted)
            handler.SslOptions = (options.Tls ?? new()).ToSslOptions(server.DnsSafeHost);
        return handler;
    }
}
