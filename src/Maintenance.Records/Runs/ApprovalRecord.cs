using System.Text.Json.Serialization;

namespace Maintenance.Records;

[JsonConverter(typeof(JsonStringEnumConverter<ApprovalDecision>))]
public enum ApprovalDecision
{
    Waiting,
    Approved,
    Rejected,
    Expired,

    /// <summary>The run ended before anybody decided.</summary>
    Withdrawn,
}

/// <summary>One question put to a person, and the answer.</summary>
public sealed record ApprovalRecord
{
    /// <summary>Position of the asking step.</summary>
    public required int Position { get; init; }
    public required string Step { get; init; }
    public required string Message { get; init; }

    /// <summary>Hash of what is approved; a change voids the answer.</summary>
    public string? EvidenceHash { get; init; }
    public required ApprovalDecision Decision { get; init; }
    public string? By { get; init; }

    /// <summary>True when a token proved <see cref="By"/>.</summary>
    public bool Verified { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}
