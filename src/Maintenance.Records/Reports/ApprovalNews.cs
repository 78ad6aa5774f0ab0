namespace Maintenance.Records.Reports;

/// <summary>A run waits for a person: it began to, or it still does.</summary>
public sealed record ApprovalNews(string RunId, string WorkflowId, string Job, ApprovalRecord Approval)
{
    /// <summary>Counts the questions of the run; a step may ask several times.</summary>
    public int Question { get; init; } = 1;

    /// <summary>This is the reminder of that number; 0: none.</summary>
    public int Reminder { get; init; }

    /// <summary>Who may answer now too, because nobody did; empty: this is no escalation.</summary>
    public IReadOnlyList<string> Escalated { get; init; } = [];

    /// <summary>Who started the run and so may not approve it; null: nobody, or it does not matter.</summary>
    public string? Requester { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The same in every delivery, and another for each message about the question.</summary>
    public string Id =>
        $"approval/{RunId}/{Approval.Position}{(Question > 1 ? $"/{Question}" : "")}{(Reminder > 0 ? $"/reminder-{Reminder}" : "")}{(Escalated.Count > 0 ? "/escalation" : "")}";
}
