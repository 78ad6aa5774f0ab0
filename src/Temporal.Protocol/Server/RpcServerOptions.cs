using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Temporal.Protocol;

/// <summary>What a server answers, where, and within which limits.</summary>
public sealed record RpcServerOptions
{
    /// <summary>The address to listen on, <c>127.0.0.1:7233</c>; port 0 takes a free one.</summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    public required IReadOnlyList<RpcServiceTable> Tables { get; init; }

    /// <summary>Null: cleartext HTTP/2, which a client must know beforehand.</summary>
    public RpcServerTls? Tls { get; init; }

    /// <summary>Whether callers of this process reach the server under its address without the socket.</summary>
    public bool RegisterInProcess { get; init; }

    /// <summary>
    /// Called with the headers of a call over the socket, before its body is read: tells who calls, or throws <see cref="RpcFailure"/>.
    /// Callers of this process are not asked.
    /// </summary>
    public Func<RpcServerCall, object?>? Authenticate { get; init; }

    /// <summary>Called before each handler with the read request; throws <see cref="RpcFailure"/> to refuse the call.</summary>
    public Func<IMessage, RpcServerCall, ValueTask>? Admit { get; init; }

    /// <summary>Largest request in bytes, before and after decompression; a larger one gets RESOURCE_EXHAUSTED.</summary>
    public int RequestBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Largest sum of a request's headers in bytes.</summary>
    public int HeaderBytesMax { get; init; } = 64 * 1024;

    /// <summary>Calls at a time on one connection. Each waiting poll is one, and a process may run many workers.</summary>
    public int StreamsPerConnectionMax { get; init; } = 10_000;

    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>Calls at a time over all connections; one more gets RESOURCE_EXHAUSTED.</summary>
    public int CallsMax { get; init; } = 20_000;

    /// <summary>Bytes of larger requests that may be under way at a time; what would exceed them gets RESOURCE_EXHAUSTED.</summary>
    public long RequestBytesUnderWayMax { get; init; } = 128 * 1024 * 1024;

    /// <summary>Bytes of larger answers that clients have not read yet; what would exceed them is RESOURCE_EXHAUSTED instead.</summary>
    public long AnswerBytesUnderWayMax { get; init; } = 256 * 1024 * 1024;

    /// <summary>How long the headers of a request may take to arrive; a connection that is slower is ended.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the body of a request may take to arrive. Slower than the slowest line that could carry a request at all.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to read an answer. HTTP/2 lets it say that it reads nothing for now, for ever.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a silent connection may leave a ping unanswered before its calls count as cancelled.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The silence after which a connection is pinged.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long stopping waits for calls under way, after their tokens are cancelled.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal IPEndPoint EndPoint => IPEndPoint.TryParse(Listen, out var ip) && Listen.Contains(':')
        ? ip
        : throw new ArgumentException($"'{Listen}' is nothing to listen on; write an IP address and a port, such as 127.0.0.1:7233.");
}
