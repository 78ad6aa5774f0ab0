using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Temporal.Engine;

/// <summary>How an engine is started.</summary>
public sealed record EngineOptions
{
    /// <summary>Folder of the engine's database. One engine at a time; a second one is refused.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address to listen on, such as <c>127.0.0.1:0</c> for any free port. Null: reachable in this process only.</summary>
    public string? Listen { get; init; } = "127.0.0.1:0";

    /// <summary>TLS of the socket; with a client authority only its clients get in. Null: cleartext.</summary>
    public EngineTls? Tls { get; init; }

    /// <summary>
    /// Who may call over the socket, and do what. Empty: whoever reaches it may do everything, so only on loopback or with mTLS.
    /// </summary>
    public IReadOnlyList<EngineApiKey> ApiKeys { get; init; } = [];

    /// <summary>Makes the engine reachable without a socket for clients in this process that connect to its address.</summary>
    public bool RegisterInProcess { get; init; } = true;

    /// <summary>Where all time comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>How long closed workflows of the namespace <c>default</c> are kept.</summary>
    public TimeSpan DefaultRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many answers one commit may release at most. More requests wait for the next commit.</summary>
    public int BatchLimit { get; init; } = 512;

    /// <summary>Called when going on could lose acknowledged data (a failed fsync). Default: end the process.</summary>
    public Action<string, Exception> OnFatal { get; init; } = static (message, exception) => Environment.FailFast(message, exception);
}

/// <summary>TLS of the engine's socket; certificates and keys are PEM text in bytes.</summary>
/// <param name="Certificate">The engine's certificate, then the intermediate ones.</param>
/// <param name="Key">The key of the certificate.</param>
/// <param name="ClientCa">The authorities that sign clients' certificates; null: no client certificate is asked for.</param>
public sealed record EngineTls(byte[] Certificate, byte[] Key, byte[]? ClientCa = null);
