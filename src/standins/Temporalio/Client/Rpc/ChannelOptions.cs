using Temporal.Protocol;

namespace Temporalio.Client;

/// <summary>A connection's options as the transport takes them.</summary>
static class ChannelOptions
{
    public static RpcChannelOptions From(TemporalConnectionOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.TargetHost))
            throw new ArgumentException("TargetHost is not set; give the server's address as HOST:PORT.", nameof(options));

        var defaults = new RpcChannelOptions { Address = options.TargetHost };
        return defaults with
        {
            Tls = options.Tls is { Disabled: false } tls ? From(tls) : null,
            UseTls = options.Tls is { } given ? !given.Disabled : options.ApiKey is not null,
            Compress = options.GrpcCompression is GrpcCompression.None ? false : null,
            KeepAliveInterval = options.KeepAlive?.Interval ?? defaults.KeepAliveInterval,
            KeepAliveTimeout = options.KeepAlive?.Timeout ?? defaults.KeepAliveTimeout,
        };
    }

    static RpcTlsOptions From(TlsOptions tls) => new()
    {
        ServerRootCa = tls.ServerRootCACert,
        ServerName = tls.Domain,
        ClientCertificate = tls.ClientCert,
        ClientKey = tls.ClientPrivateKey,
    };
}
