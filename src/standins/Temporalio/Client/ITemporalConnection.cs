namespace Temporalio.Client;

/// <summary>A connection to a Temporal server. Safe for concurrent use; usually there is one per process.</summary>
public interface ITemporalConnection : IBridgeClientProvider
{
    /// <summary>Metadata of each call; may be changed at any time.</summary>
    IReadOnlyCollection<KeyValuePair<string, string>> RpcMetadata { get; set; }

    /// <summary>Binary metadata of each call; may be changed at any time.</summary>
    IReadOnlyCollection<KeyValuePair<string, byte[]>> RpcBinaryMetadata { get; set; }

    /// <summary>The API key; may be changed at any time.</summary>
    string? ApiKey { get; set; }

    /// <summary>The server's workflow API, message by message.</summary>
    WorkflowService WorkflowService { get; }

    /// <summary>The server's operator API, message by message.</summary>
    OperatorService OperatorService { get; }

    /// <summary>The options it was made with; do not change them.</summary>
    TemporalConnectionOptions Options { get; }

    /// <summary>Whether the server has answered at least once.</summary>
    bool IsConnected { get; }

    /// <summary>Asks the server's health check; false when it says "not serving".</summary>
    /// <param name="service">The service to ask about; null: the workflow service.</param>
    /// <param name="options">Deadline and the like.</param>
    Task<bool> CheckHealthAsync(RpcService? service = null, RpcOptions? options = null);

    /// <summary>Connects a lazy connection; does nothing when it is connected.</summary>
    /// <exception cref="InvalidOperationException">The server cannot be reached or refuses; it is asked once.</exception>
    Task ConnectAsync();
}
