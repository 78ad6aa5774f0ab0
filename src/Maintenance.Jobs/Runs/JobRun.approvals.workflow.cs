using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>Waiting for a person: by signal (a name nobody proved) or by update (which answers, and may carry a verified name).</summary>
public sealed partial class JobRunWorkflow
{
    [WorkflowSignal("approve")]
    public Task ApproveAsync(ApprovalAnswer? answer = null) => TakeAsync(ApprovalDecision.Approved, answer);

    [WorkflowSignal("reject")]
    public Task RejectAsync(ApprovalAnswer? answer = null) => TakeAsync(ApprovalDecision.Rejected, answer);

    [WorkflowUpdate("approve")]
    public async Task<ApprovalRecord> ApproveByUpdateAsync(ApprovalAnswer? answer = null)
    {
        await TakeAsync(ApprovalDecision.Approved, answer);
        return _lastAnswered ?? throw new InvalidOperationException("The answer was taken and left no record.");
    }

    [WorkflowUpdateValidator(nameof(ApproveByUpdateAsync))]
    public void CheckApprove(ApprovalAnswer? answer = null) => CheckAnswer(answer);

    [WorkflowUpdate("reject")]
    public async Task<ApprovalRecord> RejectByUpdateAsync(ApprovalAnswer? answer = null)
    {
        await TakeAsync(ApprovalDecision.Rejected, answer);
        return _lastAnswered ?? throw new InvalidOperationException("The answer was taken and left no record.");
    }

    [WorkflowUpdateValidator(nameof(RejectByUpdateAsync))]
    public void CheckReject(ApprovalAnswer? answer = null) => CheckAnswer(answer);

    ApprovalRecord? _lastAnswered;

    void CheckAnswer(ApprovalAnswer? answer)
    {
        if (_progress?.OpenApproval is not { } open)
            throw new ApplicationFailureException(
                $"The run waits for no approval now; its phase is '{_progress?.Phase ?? "begin"}'. Ask the query 'status' what it does.",
                "NothingToApprove", nonRetryable: true);
        if (answer?.Step is { } step && step != open.Step)
            throw new ApplicationFailureException(
                $"The run waits for an approval of step '{open.Step}', not of '{step}'.", "OtherStep", nonRetryable: true);
    }

    /// <summary>
    /// A signal that fits nothing is noted by nobody: the Temporal UI shows it in the history, and there is no one to answer to.
    /// </summary>
    Task TakeAsync(ApprovalDecision decision, ApprovalAnswer? answer)
    {
        if (_progress?.OpenApproval is { } open && (answer?.Step is null || answer.Step == open.Step))
        {
            Progress.Answer(a => a with
            {
                Decision = decision,
                By = answer?.By ?? "unknown",
                // Whoever may call the server may write any name: nothing proves one yet.
                Verified = false,
                Reason = answer?.Reason,
                DecidedAt = Now(),
            });
            _lastAnswered = Progress.ApprovalAt(open.Position);
        }

        return Task.CompletedTask;
    }

    async Task<StepEnd> AskAsync(StepFrame frame, ApprovalStep approval)
    {
        var message = new RunFacts(Request, Begun, Progress.Steps).Resolve(approval.Message);
        var name = Progress.At(frame.Position).Name;
        var answer = await AskPersonAsync(name, frame.Position, message, Shorter(approval.Timeout, RunTimeLeft()), frame.Cancellation);
        return answer.Decision switch
        {
            ApprovalDecision.Approved => new StepEnd(StepStatus.Succeeded, Describe(answer)),
            ApprovalDecision.Rejected => new StepEnd(StepStatus.Failed, Describe(answer)),
            ApprovalDecision.Expired => approval.ContinueOnTimeout
                ? new StepEnd(StepStatus.Succeeded, "nobody answered in time; the job goes on")
                : new StepEnd(StepStatus.TimedOut, "nobody answered in time"),
            _ => new StepEnd(StepStatus.Cancelled, "was cancelled while it waited for an approval"),
        };
    }

    async Task<ApprovalRecord> AskPersonAsync(string step, int position, string message, TimeSpan limit, CancellationToken cancellation)
    {
        var expires = Now() + limit;
        Progress.Ask(
            new ApprovalRecord { Position = position, Step = step, Message = message, Decision = ApprovalDecision.Waiting, RequestedAt = Now(), ExpiresAt = expires });
        Progress.WaitingFor = new WaitView { Kind = "approval", Step = step, Message = message, Until = expires };
        using var notified = new CancellationTokenSource();
        var notice = NotifyAsync(notified.Token);
        try
        {
            if (!await Workflow.WaitConditionAsync(() => Progress.OpenApproval is null, AtLeastAMoment(limit), cancellation))
                Progress.Answer(a => a with { Decision = ApprovalDecision.Expired, DecidedAt = Now() });
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            Progress.Answer(a => a with { Decision = ApprovalDecision.Withdrawn, DecidedAt = Now() });
        }

        // CancelAsync would go to the thread pool, where a workflow's code must never be.
        notified.Cancel();
        await notice;
        return Progress.ApprovalAt(position) ?? throw new InvalidOperationException($"The approval of step '{step}' has no record.");
    }

    /// <summary>Goes on in the background for as long as the question is open: a chat that is away does not hold the answer up.</summary>
    async Task NotifyAsync(CancellationToken cancellation)
    {
        var open = Progress.OpenApproval ?? throw new InvalidOperationException("There is nothing to ask.");
        var notice = new ApprovalNotice { RunId = Request.RunId, WorkflowId = Request.WorkflowId, Job = Request.Job, Approval = open };
        try
        {
            await Workflow.ExecuteActivityAsync(
                (ControlActivities a) => a.NotifyAsync(notice),
                new ActivityOptions
                {
                    ActivityId = $"notify/{open.Position}/{Progress.At(open.Position).Attempts.Count}",
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
