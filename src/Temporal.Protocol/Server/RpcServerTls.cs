using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Temporal.Protocol;

/// <summary>TLS of a server; certificates and keys are PEM text in bytes.</summary>
public sealed record RpcServerTls
{
    /// <summary>The server's certificate, then the intermediate ones.</summary>
    public required byte[] Certificate { get; init; }

    public required byte[] Key { get; init; }

    /// <summary>The authorities that sign clients' certificates. Set: a client without such a certificate is refused.</summary>
    public byte[]? ClientCa { get; init; }

    internal void ApplyTo(HttpsConnectionAdapterOptions https)
    {
        var (certificate, chain) = PemCertificates.ReadWithKey(Certificate, Key);
        https.ServerCertificate = certificate;
        https.ServerCertificateChain = chain;
        if (ClientCa is null)
            return;

        var authorities = PemCertificates.ReadAll(ClientCa, nameof(ClientCa));
        https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
        https.ClientCertificateValidation = (client, _, errors) =>
            (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0 && IsSignedBy(authorities, client);
    }

    static bool IsSignedBy(X509Certificate2Collection authorities, X509Certificate2 client)
    {
        using var chain = new X509Chain { ChainPolicy = PemCertificates.TrustOnly(authorities) };
        return chain.Build(client);
    }
}
