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

    /// <summary>Told while the run goes on: after what its steps ask, before its end.</summary>
    const int OverdueSequence = StepSequence - 1;

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
                .Select(step =>
                    ToSeq(run.RunId, StepSequence + step.Position, "step-finished", finishedAt, ReportEvent.OfStep(run, step, link))));
            messages.Add(ToSeq(run.RunId, LastSequence, "run-finished", finishedAt, ReportEvent.OfRun(run, link)));
        }

        if (IsSet(options.WebhookUrl) && RunNotice.Tells(run.Status))
            messages.Add(
                ToWebhook(
                    $"run/{run.RunId}", run.RunId, LastSequence, "run-finished", finishedAt, Notice.Write(RunNotice.Of(run, options))));
        return messages;
    }

    /// <summary>What goes out when a run begins to wait for a person, and while it does.</summary>
    public IReadOnlyList<OutboxMessage> OfApproval(ApprovalNews news)
    {
        var (link, runId, approval) = (options.LinkTo(news.WorkflowId, news.RunId), news.RunId, news.Approval);
        var messages = new List<OutboxMessage>();
        if (IsSet(options.SeqServerUrl))
            messages.Add(ToSeq(runId, approval.Position, "approval-needed", news.At, ReportEvent.OfApproval(news, link)));
        if (IsSet(options.WebhookUrl))
            messages.Add(
                ToWebhook(news.Id, runId, approval.Position, "approval-needed", news.At, Notice.Write(ApprovalNeeded.Of(news, link))));

        return messages;
    }

    /// <summary>What goes out once when a run is not finished by the time that its schedule gives it.</summary>
    public IReadOnlyList<OutboxMessage> OfOverdue(RunRecord run, DateTimeOffset finishBy, DateTimeOffset at)
    {
        if (!IsSet(options.WebhookUrl))
            return [];
        var notice = new FinishOverdue
        {
            RunId = run.RunId,
            Job = run.Job,
            ScheduleId = run.ScheduleId ?? "",
            DueAt = run.DueAt ?? run.StartedAt,
            FinishBy = finishBy,
            Link = options.LinkTo(run.WorkflowId, run.RunId),
        };
        return [ToWebhook($"overdue/{run.RunId}", run.RunId, OverdueSequence, "finish-overdue", at, Notice.Write(notice))];
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
