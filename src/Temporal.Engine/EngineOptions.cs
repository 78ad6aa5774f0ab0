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
