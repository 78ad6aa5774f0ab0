namespace Maintenance.Records;

/// <summary>Something that has to reach somebody outside, written in the same transaction as what it tells about.</summary>
public sealed record OutboxMessage
{
    /// <summary>
    /// Stable and derived from what it reports, so that writing it twice is writing it once; the receiver sees it as ReportId.
    /// </summary>
    public required string Id { get; init; }
    public required string RunId { get; init; }

    /// <summary>
    /// The receiver: <c>seq</c>, <c>webhook</c> … Messages of one run to one target are delivered in order; targets do not wait for each
    /// other.
    /// </summary>
    public required string Target { get; init; }

    /// <summary>Order within run and target.</summary>
    public required int Sequence { get; init; }

    /// <summary>What the payload is: <c>run-finished</c>, <c>step-finished</c>, <c>approval-needed</c> …</summary>
    public required string Kind { get; init; }
    public required string PayloadJson { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Failed deliveries so far; kept by the store.</summary>
    public int Failures { get; init; }
    public string? LastError { get; init; }
}

/// <summary>What waits, and what was given up; for health checks.</summary>
/// <param name="Pending">Not yet delivered.</param>
/// <param name="OldestPendingAt">When the oldest of these was written, null when there is none.</param>
/// <param name="Dead">Refused for good by the receiver; they stay until somebody retries or deletes them.</param>
public sealed record OutboxHealth(long Pending, DateTimeOffset? OldestPendingAt, long Dead);
