using System.Security.Cryptography.X509Certificates;

namespace Temporal.Protocol;

/// <summary>What a handler knows about the call it answers. Valid until the handler has answered.</summary>
/// <param name="Metadata">Metadata by lower-case name.</param>
/// <param name="Deadline">When the caller stops waiting; null when it sent no <c>grpc-timeout</c>.</param>
/// <param name="Cancelled">Signalled when the caller is gone, its deadline has passed or the server stops.</param>
public sealed record RpcServerCall(
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset? Deadline,
    CancellationToken Cancelled)
{
    /// <summary>The called method, <c>/service/method</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>
    /// What <see cref="RpcServerOptions.Authenticate"/> made of the caller; null without it, and for callers in this process.
    /// </summary>
    public object? Caller { get; init; }

    /// <summary>The certificate that the caller proved to hold; null without mutual TLS.</summary>
    public X509Certificate2? ClientCertificate { get; init; }
}
