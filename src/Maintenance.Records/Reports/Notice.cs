using System.Text.Json;
using System.Text.Json.Serialization;

namespace Maintenance.Records.Reports;

/// <summary>What the outbox holds for the webhook: facts, not yet words.</summary>
[JsonDerivedType(typeof(RunNotice), "run")]
[JsonDerivedType(typeof(ApprovalNeeded), "approval")]
[JsonDerivedType(typeof(FinishOverdue), "overdue")]
abstract record Notice
{
    public required string RunId { get; init; }
    public required string Job { get; init; }
    public string? Link { get; init; }

    public static string Write(Notice notice) => JsonSerializer.Serialize(notice);

    /// <exception cref="JsonException">The text is not a notice.</exception>
    public static Notice Read(string json) =>
        JsonSerializer.Deserialize<Notice>(json) ?? throw new JsonException("The notice is null.");
}

sealed record RunNotice : Notice
{
    public string? ScheduleId { get; init; }
    public required RunStatus Status { get; init; }
    public string? Reason { get; init; }
    public string? FailedStep { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// Whether a run that ends so can change the state of its schedule; what was skipped or cancelled on purpose does not.
    /// </summary>
    public static bool Tells(RunStatus status) => status == RunStatus.Succeeded || IsFailure(status);

    public static bool IsFailure(RunStatus status) => status is RunStatus.Failed or RunStatus.TimedOut or RunStatus.Terminated;

    public static RunNotice Of(RunRecord run, ReportOptions options) => new()
    {
        RunId = run.RunId,
        Job = run.Job,
        ScheduleId = run.ScheduleId,
        Status = run.Status,
        Reason = run.Reason,
        FailedStep = run.Steps.FirstOrDefault(step => step.Status is StepStatus.Failed or StepStatus.TimedOut or StepStatus.Unknown)?.Name,
        StartedAt = run.StartedAt,
        Duration = run.Duration,
        Link = options.LinkTo(run.WorkflowId, run.RunId),
    };
}

/// <summary>A run that is not finished although its schedule's <c>finishBy</c> is over.</summary>
sealed record FinishOverdue : Notice
{
    public required string ScheduleId { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public required DateTimeOffset FinishBy { get; init; }
}

sealed record ApprovalNeeded : Notice
{
    public required string Step { get; init; }
    public required string Message { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? EvidenceHash { get; init; }

    /// <summary>Empty: anybody.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];
    public string? Requester { get; init; }
    public int Reminder { get; init; }
    public IReadOnlyList<string> Escalated { get; init; } = [];

    public static ApprovalNeeded Of(ApprovalNews news, string? link) => new()
    {
        RunId = news.RunId,
        Job = news.Job,
        Step = news.Approval.Step,
        Message = news.Approval.Message,
        ExpiresAt = news.Approval.ExpiresAt,
        EvidenceHash = news.Approval.EvidenceHash,
        Approvers = news.Approval.Approvers,
        Requester = news.Requester,
        Reminder = news.Reminder,
        Escalated = news.Escalated,
        Link = link,
    };
}
