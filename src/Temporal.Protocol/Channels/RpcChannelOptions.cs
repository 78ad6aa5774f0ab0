namespace Temporal.Protocol;

/// <summary>Where a server is and how to talk to it.</summary>
public sealed record RpcChannelOptions
{
    /// <summary><c>host:port</c>, or the name under which an endpoint of this process is registered.</summary>
    public required string Address { get; init; }

    /// <summary>TLS settings. Null: TLS with the system's settings if an API key is set, else cleartext.</summary>
    public RpcTlsOptions? Tls { get; init; }

    /// <summary>False sends an API key in the clear. Null: as <see cref="Tls"/> and <see cref="ApiKey"/> imply.</summary>
    public bool? UseTls { get; init; }

    /// <summary>Sent as <c>authorization: Bearer …</c> with each call that brings no such metadata itself.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Metadata of each call; a call's own metadata of the same name wins.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether larger requests are sent in gzip. Null: unless the server is on this machine. Gzip answers are always read.
    /// </summary>
    public bool? Compress { get; init; }

    /// <summary>Largest answer in bytes; a larger one fails with RESOURCE_EXHAUSTED.</summary>
    public int ReceiveBytesMax { get; init; } = 128 * 1024 * 1024;

    /// <summary>How long a connection may be silent, while calls wait on it, before it is pinged.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a ping may stay unanswered before the connection is given up and its calls fail with UNAVAILABLE.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this time a connection takes no new calls, so that a changed DNS entry is noticed.</summary>
    public TimeSpan ConnectionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>False: go through the socket even if the address is registered in this process.</summary>
    public bool AllowInProcess { get; init; } = true;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal bool Encrypted => UseTls ?? (Tls is not null || ApiKey is not null);
}
