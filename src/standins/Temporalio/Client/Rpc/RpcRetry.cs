namespace Temporalio.Client;

/// <summary>What follows a failed call.</summary>
enum RpcRetry
{
    /// <summary>The failure is the caller's to handle.</summary>
    None,

    /// <summary>A few tries within the connection's limits, for a caller that waits.</summary>
    Calls,

    /// <summary>Tries until the call is cancelled or fails in a way that does not pass.</summary>
    Forever,
}
