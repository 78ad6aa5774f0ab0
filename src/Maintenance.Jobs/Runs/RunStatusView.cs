using System.Text.Json.Serialization;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>The answer to the query <c>status</c>: what is done, what runs, what is waited for, what comes next.</summary>
public sealed record RunStatusView
{
    [JsonPropertyName("job")]
    public required string Job { get; init; }

    [JsonPropertyName("runId")]
    public required string RunId { get; init; }

    [JsonPropertyName("status")]
    public required RunStatus Status { get; init; }

    [JsonPropertyName("phase")]
    public required string Phase { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    [JsonPropertyName("steps")]
    public IReadOnlyList<StepStatusView> Steps { get; init; } = [];

    [JsonPropertyName("waitingFor")]
    public WaitView? WaitingFor { get; init; }

    /// <summary>What a person is asked now; null when nobody is.</summary>
    [JsonPropertyName("question")]
    public QuestionView? Question { get; init; }

    /// <summary>What each step and each target of a step waits for, where several are on their way at once.</summary>
    [JsonPropertyName("waits")]
    public IReadOnlyList<WaitView> Waits { get; init; } = [];

    [JsonPropertyName("locks")]
    public IReadOnlyList<LockRecord> Locks { get; init; } = [];

    /// <summary>Who paused the run, and why; null when it is not paused.</summary>
    [JsonPropertyName("paused")]
    public RunAction? Paused { get; init; }

    /// <summary>What people did to the run.</summary>
    [JsonPropertyName("actions")]
    public IReadOnlyList<RunAction> Actions { get; init; } = [];
}

public sealed record StepStatusView
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    [JsonPropertyName("part")]
    public required StepPart Part { get; init; }

    [JsonPropertyName("status")]
    public required StepStatus Status { get; init; }

    [JsonPropertyName("attempt")]
    public int Attempt { get; init; }

    [JsonPropertyName("attempts")]
    public int Attempts { get; init; }

    [JsonPropertyName("startedAt")]
    public DateTimeOffset? StartedAt { get; init; }

    [JsonPropertyName("finishedAt")]
    public DateTimeOffset? FinishedAt { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }
}

/// <summary>
/// What the run waits for: "script", "retry", "approval", "wait", "lock", "paused" or "record", and until when at the latest.
/// </summary>
public sealed record WaitView
{
    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    [JsonPropertyName("step")]
    public string? Step { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("until")]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A question that waits for an answer, with all that is approved by a yes.</summary>
public sealed record QuestionView
{
    [JsonPropertyName("step")]
    public required string Step { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>The hash that an answer is for.</summary>
    [JsonPropertyName("evidence")]
    public string? Evidence { get; init; }

    [JsonPropertyName("parts")]
    public IReadOnlyList<EvidencePart> Parts { get; init; } = [];

    /// <summary>Empty: anybody.</summary>
    [JsonPropertyName("approvers")]
    public IReadOnlyList<string> Approvers { get; init; } = [];

    [JsonPropertyName("needed")]
    public int Needed { get; init; } = 1;

    [JsonPropertyName("votes")]
    public IReadOnlyList<ApprovalVote> Votes { get; init; } = [];

    [JsonPropertyName("requester")]
    public string? Requester { get; init; }

    [JsonPropertyName("askedAt")]
    public DateTimeOffset AskedAt { get; init; }

    [JsonPropertyName("expiresAt")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [JsonPropertyName("reminders")]
    public int Reminders { get; init; }

    public static QuestionView Of(ApprovalRecord open, string? requester) => new()
    {
        Step = open.Step,
        Message = open.Message,
        Evidence = open.EvidenceHash,
        Parts = open.Evidence,
        Approvers = open.Approvers,
        Needed = open.Needed,
        Votes = open.Votes,
        Requester = requester,
        AskedAt = open.RequestedAt,
        ExpiresAt = open.ExpiresAt,
        Reminders = open.Reminders,
    };
}
