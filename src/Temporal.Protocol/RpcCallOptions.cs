namespace Temporal.Protocol;

/// <summary>What a caller may say about one call.</summary>
public sealed record RpcCallOptions
{
    public static readonly RpcCallOptions None = new();

    /// <summary>How long the call may take, sent as <c>grpc-timeout</c>. Null: no deadline.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Metadata for this call; a name that ends in <c>-bin</c> carries base64.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
