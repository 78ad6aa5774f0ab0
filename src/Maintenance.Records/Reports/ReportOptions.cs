namespace Maintenance.Records.Reports;

/// <summary>Who is told what a run did. With neither address nothing is written to the outbox.</summary>
public sealed record ReportOptions
{
    /// <summary>Base address of a Seq server; null: no run reports.</summary>
    public string? SeqServerUrl { get; init; }
    public string? SeqApiKey { get; init; }

    /// <summary>A Slack-compatible incoming webhook; null: no notifications.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Address of the Temporal UI, for links; null: no links.</summary>
    public string? TemporalUi { get; init; }
    public string Namespace { get; init; } = "default";

    public string? LinkTo(string workflowId, string runId) =>
        string.IsNullOrWhiteSpace(TemporalUi)
            ? null
            : $"{TemporalUi.TrimEnd('/')}/namespaces/{Uri.EscapeDataString(Namespace)}/workflows/{Uri.EscapeDataString(workflowId)}/{Uri.EscapeDataString(runId)}/history";
}
