using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// Asking a person: the question with its evidence, reminders, escalation, expiry. How answers come in is in JobRun.answers.workflow.cs.
/// </summary>
public sealed partial class JobRunWorkflow
{
    /// <summary>
    /// Runs that asked before there were people.json and evidence go on as they began: any answer counts, and waiting for people is part of
    /// the run's time.
    /// </summary>
    const string PeoplePatch = "people";

    // The rule of the question that is open.
    ApprovalStep? _openRule;

    /// <summary>Who started the run by name; null when a schedule did, or somebody who did not say.</summary>
    string? Requester => Request.Memo.GetValueOrDefault(RunMemo.Requester);

    ApprovalStep RuleOf(ApprovalStep declared) => Begun.AnybodyAnswers
        ? declared with { Approvers = [], Count = 1, FourEyes = false, Verified = false, Escalate = null }
        : declared;

    async Task<StepEnd> AskAsync(StepFrame frame, ApprovalStep declared)
    {
        var rule = RuleOf(declared);
        var evidence = EvidenceFor(frame, rule);
        if (Carried(frame, rule, evidence) is { } carried)
            return await RecheckAsync(
                frame, rule, new(
                    StepStatus.Succeeded, $"was approved by {carried.By} in run {Begun.Earlier!.RunId} at {carried.DecidedAt:u}, on the same evidence"));
        var answer = await AskPersonAsync(frame, rule, FactsOf(null).Resolve(rule.Message), evidence, isDeclared: true);
        return answer.Decision switch
        {
            ApprovalDecision.Approved => await RecheckAsync(frame, rule, new(StepStatus.Succeeded, Describe(answer))),
            ApprovalDecision.Rejected => new StepEnd(StepStatus.Failed, Describe(answer)),
            ApprovalDecision.Expired => rule.ContinueOnTimeout
                ? new StepEnd(StepStatus.Succeeded, "nobody answered in time; the job goes on")
                : new StepEnd(StepStatus.TimedOut, "nobody answered in time"),
            _ => new StepEnd(StepStatus.Cancelled, "was cancelled while it waited for an approval"),
        };
    }

    List<EvidencePart> EvidenceFor(StepFrame frame, ApprovalStep rule)
    {
        var facts = FactsOf(null);
        var parts = ApprovalEvidence.OfRun(Begun).ToList();
        if (Progress.QuestionsAt(frame.Position) is > 0 and var before)
            parts.Add(ApprovalEvidence.Part("question", $"{before + 1}", $"{before + 1}"));
        foreach (var text in rule.Evidence.Where(t => t.Contains("${", StringComparison.Ordinal)))
            parts.Add(ApprovalEvidence.Part(text, facts.Resolve(text), facts.Resolve(text)));
        foreach (var step in Begun.Job!.Steps.TakeWhile(s => s.Name != frame.Step.Name).Append(frame.Step))
        {
            if (rule.Evidence.Count == 0 || rule.Evidence.Contains(step.Name) || step == frame.Step)
                parts.AddRange(Progress.EvidenceOf(step.Name));
        }

        foreach (var step in Begun.Job.Steps.SkipWhile(s => s.Name != frame.Step.Name).Where(s => s.ForEach is not null))
            parts.Add(ApprovalEvidence.OfPlan(step.Name, TargetsOf(step.ForEach!).Targets));
        return parts;
    }

    /// <summary>The yes of the run that this one retries, if it was for the same, and the same person asks again.</summary>
    TakenApproval? Carried(StepFrame frame, ApprovalStep rule, IReadOnlyList<EvidencePart> evidence) =>
        Begun.Earlier is { AsksAgain: true } earlier
        && earlier.Approvals.GetValueOrDefault(frame.Step.Name) is { } taken
        && taken.EvidenceHash == ApprovalEvidence.HashOf(evidence)
        && Now() - taken.DecidedAt <= rule.Timeout
        && (!rule.FourEyes || Requester == earlier.Requester)
            ? taken
            : null;

    /// <param name="isDeclared">The job says that it asks here; else the runner does, while other targets may go on.</param>
    async Task<ApprovalRecord> AskPersonAsync(
        StepFrame frame, ApprovalStep rule, string message, IReadOnlyList<EvidencePart> evidence, bool isDeclared)
    {
        var (asked, heldUp, step) = (Now(), HeldUp(), Progress.At(frame.Position).Name);
        var knowsPeople = Workflow.Patched(PeoplePatch);
        var expires = asked + (knowsPeople || !isDeclared ? rule.Timeout : Shorter(rule.Timeout, RunTimeLeft()));
        _openRule = rule;
        Progress.Ask(new ApprovalRecord
        {
            Position = frame.Position, Step = step, Message = message, Decision = ApprovalDecision.Waiting, RequestedAt = asked, ExpiresAt = expires,
            EvidenceHash = ApprovalEvidence.HashOf(evidence), Evidence = evidence, Needed = rule.Count,
            Approvers = rule.Approvers,
        });
        Progress.WaitingFor = new WaitView { Kind = "approval", Step = step, Message = message, Until = expires };
        using var notified = new CancellationTokenSource();
        var notices = new List<Task> { NotifyAsync(ApprovalNoticeKind.Asked, notified.Token) };
        try
        {
            await WaitForAnswerAsync(rule, asked, expires, k => notices.Add(NotifyAsync(k, notified.Token)), frame.Cancellation);
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            Progress.Answer(a => a with { Decision = ApprovalDecision.Withdrawn, DecidedAt = Now() });
        }

        if (knowsPeople && isDeclared)
            _heldUp += Now() - asked - (HeldUp() - heldUp);
        // CancelAsync would go to the thread pool, where a workflow's code must never be.
        notified.Cancel();
        foreach (var notice in notices)
            await notice;
        return Progress.ApprovalAt(frame.Position) ?? throw new InvalidOperationException($"The approval of step '{step}' has no record.");
    }

    /// <summary>Until it is answered or expired, with what is due in between.</summary>
    async Task WaitForAnswerAsync(
        ApprovalStep rule, DateTimeOffset asked, DateTimeOffset expires, Action<ApprovalNoticeKind> tell, CancellationToken cancellation)
    {
        while (Progress.OpenApproval is { } open)
        {
            var reminder = asked + (rule.RemindEvery * (open.Reminders + 1));
            var escalation = open.EscalatedAt is null ? asked + rule.Escalate?.After : null;
            var next = new[] { expires, reminder ?? expires, escalation ?? expires }.Min();
            if (await Workflow.WaitConditionAsync(() => Progress.OpenApproval is null, AtLeastAMoment(next - Now()), cancellation))
                return;
            if (Now() >= expires)
            {
                Progress.Answer(a => a with { Decision = ApprovalDecision.Expired, DecidedAt = Now() });
            }
            else if (escalation <= Now())
            {
                // Where anybody may answer, those of the escalation are only told.
                Progress.Answer(a => a with
                {
                    EscalatedAt = Now(),
                    Approvers = a.Approvers.Count == 0 ? [] : [.. a.Approvers.Union(rule.Escalate!.To)],
                });
                tell(ApprovalNoticeKind.Escalation);
            }
            else if (reminder <= Now())
            {
                // Those that were missed while everything was down are one.
                Progress.Answer(a => a with { Reminders = (int)((Now() - asked) / rule.RemindEvery!.Value) });
                tell(ApprovalNoticeKind.Reminder);
            }
        }
    }

    /// <summary>Goes on in the background for as long as the question is open: a chat that is away does not hold the answer up.</summary>
    async Task NotifyAsync(ApprovalNoticeKind kind, CancellationToken cancellation)
    {
        var open = Progress.OpenApproval ?? throw new InvalidOperationException("There is nothing to ask.");
        var notice = new ApprovalNotice
        {
            RunId = Request.RunId, WorkflowId = Request.WorkflowId, Job = Request.Job, Approval = open with { Evidence = [] }, Kind = kind,
            At = Now(), Question = Progress.QuestionCount, Requester = _openRule!.FourEyes ? Requester : null,
            Escalated = kind == ApprovalNoticeKind.Escalation ? _openRule.Escalate!.To : [],
        };
        var which = kind switch
        {
            ApprovalNoticeKind.Reminder => $"/reminder-{open.Reminders}",
            ApprovalNoticeKind.Escalation => "/escalation",
            _ => "",
        };
        try
        {
            await Workflow.ExecuteActivityAsync(
                (ControlActivities a) => a.NotifyAsync(notice),
                new ActivityOptions
                {
                    ActivityId = $"notify/{open.Position}/{Progress.At(open.Position).Attempts.Count}{which}",
                    StartToCloseTimeout = TimeSpan.FromSeconds(30),
                    RetryPolicy = RunPolicies.UntilTheStoreIsBack,
                    CancellationToken = cancellation,
                });
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            Workflow.Logger.LogApprovalNoticeDropped(open.Step);
        }
    }

    static string Describe(ApprovalRecord answer) => answer.Decision switch
    {
        ApprovalDecision.Approved => $"was approved by {answer.By}{Because(answer)}",
        ApprovalDecision.Rejected => $"was rejected by {answer.By}{Because(answer)}",
        ApprovalDecision.Expired => "nobody answered in time",
        _ => "the question was withdrawn",
    };

    static string Because(ApprovalRecord answer) => string.IsNullOrWhiteSpace(answer.Reason) ? "" : $" ({answer.Reason.TrimEnd('.')})";
}
