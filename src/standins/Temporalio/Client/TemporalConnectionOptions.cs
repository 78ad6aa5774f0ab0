using Temporalio.Runtime;

namespace Temporalio.Client;

/// <summary>Where the server is and how to talk to it.</summary>
public class TemporalConnectionOptions : ICloneable
{
    public TemporalConnectionOptions()
    {
    }

    /// <param name="targetHost">The server as <c>host:port</c>.</param>
    public TemporalConnectionOptions(string targetHost) => TargetHost = targetHost;

    /// <summary>The server as <c>host:port</c>. Required.</summary>
    public string? TargetHost { get; set; }

    /// <summary>TLS; null: cleartext, unless there is an API key.</summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>Retries of failed calls; null: the defaults.</summary>
    public RpcRetryOptions? RpcRetry { get; set; }

    /// <summary>Pings; null: none beyond the transport's.</summary>
    public KeepAliveOptions? KeepAlive { get; set; } = new();

    /// <summary>Compression of requests.</summary>
    public GrpcCompression GrpcCompression { get; set; } = new GrpcCompression.Gzip();

    /// <summary>Metadata for each call.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>>? RpcMetadata { get; set; }

    /// <summary>Binary metadata for each call; names end in <c>-bin</c>.</summary>
    public IReadOnlyCollection<KeyValuePair<string, byte[]>>? RpcBinaryMetadata { get; set; }

    /// <summary>Sent as bearer token with each call. Implies TLS unless that is disabled.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Who we say we are in histories; null: <c>pid@host</c>.</summary>
    public string? Identity { get; set; }

    /// <summary>Where metrics and logs go; null: the default.</summary>
    public TemporalRuntime? Runtime { get; set; }

    public virtual object Clone()
    {
        var copy = (TemporalConnectionOptions)MemberwiseClone();
        copy.Tls = (TlsOptions?)Tls?.Clone();
        copy.RpcRetry = (RpcRetryOptions?)RpcRetry?.Clone();
        copy.KeepAlive = (KeepAliveOptions?)KeepAlive?.Clone();
        return copy;
    }
}
