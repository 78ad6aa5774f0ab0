namespace Temporalio.Client;

/// <summary>How the connection is encrypted. Certificates and keys are PEM text in bytes.</summary>
public class TlsOptions : ICloneable
{
    /// <summary>Authorities that may have signed the server's certificate; null: those of the system.</summary>
    public byte[]? ServerRootCACert { get; set; }

    /// <summary>Name that the server's certificate must have; null: the host of the address.</summary>
    public string? Domain { get; set; }

    /// <summary>The client's certificate for mutual TLS; needs <see cref="ClientPrivateKey"/>.</summary>
    public byte[]? ClientCert { get; set; }

    public byte[]? ClientPrivateKey { get; set; }

    /// <summary>True: no TLS, even where an API key would imply it.</summary>
    public bool Disabled { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
