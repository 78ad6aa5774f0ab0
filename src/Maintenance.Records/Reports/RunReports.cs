namespace Maintenance.Records.Reports;

/// <summary>
/// Decides which messages a run puts into the outbox. Their ids come from what they tell, so a repeated finish writes them once.
/// </summary>
public sealed class RunReports(ReportOptions options)
{
    /// <summary>After everything else of its run.</summary>
    const int LastSequence = int.MaxValue;

    /// <summary>Steps report when the run ends, so after what was sent while it ran.</summary>
    const int StepSequence = 1_000_000;

    /// <summary>One report per step that was reached, then one of the run; and one notice for the webhook.</summary>
    public IReadOnlyList<OutboxMessage> Of(RunRecord run)
    {
        var finishedAt = run.FinishedAt ?? run.StartedAt;
        var messages = new List<OutboxMessage>();
        if (IsSet(options.SeqServerUrl))
        {
            var link = options.LinkTo(run.WorkflowId, run.RunId);
            messages.AddRange(run.Steps
                .Where(step => step.Status != StepStatus.Pending)
                .Select(step => ToSeq(run.RunId, StepSequence + step.Position, "step-finished", finishedAt, ReportEvent.OfStep(run, step, link))));
            messages.Add(ToSeq(run.RunId, LastSequence, "run-finished", finishedAt, ReportEvent.OfRun(run, link)));
        }

        if (IsSet(options.WebhookUrl) && RunNotice.Tells(run.Status))
            messages.Add(ToWebhook($"run/{run.RunId}", run.RunId, LastSequence, "run-finished", finishedAt, Notice.Write(RunNotice.Of(run, options))));
        return messages;
    }

    /// <summary>What goes out when a run begins to wait for a person.</summary>
    public IReadOnlyList<OutboxMessage> OfApproval(string runId, string workflowId, string job, ApprovalRecord approval)
    {
        var link = options.LinkTo(workflowId, runId);
        var messages = new List<OutboxMessage>();
        if (IsSet(options.SeqServerUrl))
            messages.Add(ToSeq(runId, approval.Position, "approval-needed", approval.RequestedAt, ReportEvent.OfApproval(runId, workflowId, job, approval, link)));
        if (IsSet(options.WebhookUrl))
        {
            var notice = new ApprovalNeeded
            {
                RunId = runId,
                Job = job,
                Step = approval.Step,
                Message = approval.Message,
                ExpiresAt = approval.ExpiresAt,
                Link = link,
            };
            messages.Add(ToWebhook(
                $"approval/{runId}/{approval.Position}", runId, approval.Position, "approval-needed", approval.RequestedAt, Notice.Write(notice)));
        }

        return messages;
    }

    static bool IsSet(string? address) => !string.IsNullOrWhiteSpace(address);

    static OutboxMessage ToSeq(string runId, int sequence, string kind, DateTimeOffset at, ReportEvent report) => new()
    {
        Id = $"seq/{report.ReportId}",
        RunId = runId,
        Target = SeqReceiver.TargetName,
        Sequence = sequence,
        Kind = kind,
        PayloadJson = report.Json,
        CreatedAt = at,
    };

    static OutboxMessage ToWebhook(string id, string runId, int sequence, string kind, DateTimeOffset at, string payload) => new()
    {
        Id = $"webhook/{id}",
        RunId = runId,
        Target = WebhookReceiver.TargetName,
        Sequence = sequence,
        Kind = kind,
        PayloadJson = payload,
        CreatedAt = at,
    };
}
