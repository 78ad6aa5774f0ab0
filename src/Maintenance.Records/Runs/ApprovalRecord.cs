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

    /// <summary>So many different people have to approve; one who rejects is enough.</summary>
    public int Needed { get; init; } = 1;

    /// <summary>Names, and groups as <c>group:NAME</c>, of those who may answer now; empty: anybody.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>The parts of what is approved; <see cref="EvidenceHash"/> is made of their digests.</summary>
    public IReadOnlyList<EvidencePart> Evidence { get; init; } = [];
    public IReadOnlyList<ApprovalVote> Votes { get; init; } = [];

    /// <summary>How often a reminder was due; those that were missed while everything was down went out as one.</summary>
    public int Reminders { get; init; }
    public DateTimeOffset? EscalatedAt { get; init; }
}

/// <summary>One answer that counted.</summary>
public sealed record ApprovalVote
{
    [JsonPropertyName("at")]
    public required DateTimeOffset At { get; init; }

    [JsonPropertyName("by")]
    public required string By { get; init; }

    /// <summary>True when <see cref="Token"/> proved <see cref="By"/>.</summary>
    [JsonPropertyName("verified")]
    public bool Verified { get; init; }

    [JsonPropertyName("approves")]
    public required bool Approves { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The approver who delegated to <see cref="By"/>.</summary>
    [JsonPropertyName("onBehalfOf")]
    public string? OnBehalfOf { get; init; }

    /// <summary>As it came, so that anybody who has the public key can check it again.</summary>
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    /// <summary>Hash of the people.json that was in force.</summary>
    [JsonPropertyName("people")]
    public string? PeopleHash { get; init; }
}

/// <summary>One thing that an approval is about.</summary>
public sealed record EvidencePart
{
    /// <summary>Such as <c>input.host</c> or <c>steps.plan.outputs.hash</c>.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Lower-case hex sha256 of the whole value.</summary>
    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    /// <summary>The value for people, cut where it is long.</summary>
    [JsonPropertyName("text")]
    public required string Text { get; init; }
}
