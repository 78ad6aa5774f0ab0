using Temporalio.Client;

namespace Temporalio.Worker;

/// <summary>What a worker needs of a client.</summary>
public interface IWorkerClient
{
    /// <summary>The options of the client; do not change them.</summary>
    TemporalClientOptions Options { get; }

    /// <summary>The connection that the worker polls with.</summary>
    IBridgeClientProvider BridgeClientProvider { get; }
}
