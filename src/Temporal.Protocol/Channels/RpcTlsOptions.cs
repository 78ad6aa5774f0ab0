using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Temporal.Protocol;

/// <summary>TLS of a client; certificates and keys are PEM text in bytes.</summary>
public sealed record RpcTlsOptions
{
    /// <summary>The authorities that may have signed the server's certificate. Null: those of the system.</summary>
    public byte[]? ServerRootCa { get; init; }

    /// <summary>The client's certificate, then the intermediate ones; for mutual TLS.</summary>
    public byte[]? ClientCertificate { get; init; }

    public byte[]? ClientKey { get; init; }

    /// <summary>The name that the server's certificate must have, also sent as authority. Null: the host of the address.</summary>
    public string? ServerName { get; init; }

    internal SslClientAuthenticationOptions ToSslOptions(string host)
    {
        var ssl = new SslClientAuthenticationOptions { TargetHost = ServerName ?? host };
        if (ServerRootCa is not null)
            ssl.CertificateChainPolicy = PemCertificates.TrustOnly(PemCertificates.ReadAll(ServerRootCa, nameof(ServerRootCa)));
        if ((ClientCertificate is null) != (ClientKey is null))
            throw new ArgumentException("TLS: a client certificate and its key go together; only one of the two is set.");
        if (ClientCertificate is not null && ClientKey is not null)
        {
            var (certificate, chain) = PemCertificates.ReadWithKey(ClientCertificate, ClientKey);
            ssl.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }

        return ssl;
    }
}

/// <summary>Certificates in PEM text.</summary>
static class PemCertificates
{
    public static X509Certificate2Collection ReadAll(byte[] pem, string what)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        return certificates.Count > 0
            ? certificates
            : throw new ArgumentException($"TLS: {what} holds no certificate; it must be PEM text with BEGIN CERTIFICATE.");
    }

    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) ReadWithKey(byte[] certificate, byte[] key)
    {
        var text = Encoding.UTF8.GetString(certificate);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        return (X509Certificate2.CreateFromPem(text, Encoding.UTF8.GetString(key)), chain);
    }

    public static X509ChainPolicy TrustOnly(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
