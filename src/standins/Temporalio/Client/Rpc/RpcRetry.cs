namespace Temporalio.Client;

/// <summary>What follows a failed call.</summary>
enum RpcRetry
{
    /// <summary>The failure is the caller's to handle.</summary>
    None,

    /// <summary>A few tries within the connection's limits, for a caller that waits.</summary>
    Calls,
}
