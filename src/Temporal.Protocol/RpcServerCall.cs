namespace Temporal.Protocol;

/// <summary>What a handler knows about the call it answers.</summary>
/// <param name="Metadata">Metadata by lower-case name.</param>
/// <param name="Deadline">When the caller stops waiting; null when it sent no <c>grpc-timeout</c>.</param>
/// <param name="Cancelled">Signalled when the caller is gone or its deadline has passed.</param>
public sealed record RpcServerCall(
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset? Deadline,
    CancellationToken Cancelled);
