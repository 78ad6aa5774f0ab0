using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using AttemptOutcome = Maintenance.Jobs.Attempts.AttemptOutcome;

namespace Maintenance.Jobs.Runs;

/// <summary>One step: its kind, its attempts with their retries, its end.</summary>
public sealed partial class JobRunWorkflow
{
    async Task RunStepAsync(StepDefinition step, int position, CancellationToken cancellation)
    {
        var frame = new StepFrame(step, position, cancellation);
        Progress.Change(position, s => s with { Status = StepStatus.Running, StartedAt = Now() });
        var end = await RunKindAsync(frame);
        Progress.WaitingFor = null;
        Progress.Change(position, s => s with { Status = end.Status, Reason = end.Reason, FinishedAt = Now() });
    }

    Task<StepEnd> RunKindAsync(StepFrame frame) => frame.Step switch
    {
        { Approval: { } approval } => AskAsync(frame, approval),
        { Wait: { } wait } => WaitAsync(frame, wait),
        { Run: not null } => TryAsync(frame),
        _ => Task.FromResult(new StepEnd(StepStatus.Failed, "has a kind that this version does not know")),
    };

    /// <summary>Attempts until one succeeds or the step's policy gives up.</summary>
    async Task<StepEnd> TryAsync(StepFrame frame)
    {
        var (counted, runnerErrors) = (0, 0);
        for (var attempt = 1; ; attempt++)
        {
            if (frame.Cancellation.IsCancellationRequested)
                return new StepEnd(StepStatus.Cancelled, "was cancelled before its next attempt");
            var report = await AttemptAsync(frame, attempt);
            Progress.AddAttempt(frame.Position, report.Record with { Number = attempt });
            if (report.Outcome.Succeeded)
            {
                Progress.Change(frame.Position, s => s with { Outputs = report.Outputs });
                return StepEnd.Succeeded;
            }

            if (report.Record.Outcome == Records.AttemptOutcome.RunnerError)
                runnerErrors++;
            else
                counted++;
            if (await DecideAsync(frame, attempt, report, RetryDecision.Of(frame.Step, report.Outcome, counted, runnerErrors)) is { } end)
                return end;
        }
    }

    /// <summary>Null when there shall be another attempt; it returns when it is time for it.</summary>
    async Task<StepEnd?> DecideAsync(StepFrame frame, int attempt, StepReport report, RetryDecision decision)
    {
        var position = frame.Position;
        switch (decision)
        {
            case RetryDecision.GiveUp giveUp:
                Progress.Change(position, s => s with { Outputs = report.Outputs });
                return new StepEnd(StatusOf(report.Outcome), giveUp.Reason + LastWords.Of(report.Record.Output));
            case RetryDecision.Ask ask:
                var name = Progress.At(position).Name;
                var answer = await AskPersonAsync(name, position, ask.Question, JobDefaults.ApprovalTimeout, frame.Cancellation);
                return answer.Decision == ApprovalDecision.Approved
                    ? null
                    : new StepEnd(StepStatus.Unknown, $"{report.Outcome}; {Describe(answer)}");
            case RetryDecision.Again again when await PauseAsync(frame, attempt, again.After):
                return null;
            default:
                var status = frame.Cancellation.IsCancellationRequested ? StepStatus.Cancelled : StatusOf(report.Outcome);
                return new StepEnd(status, $"{report.Outcome}, and no time was left for another attempt");
        }
    }

    /// <summary>False when the run was cancelled or its time is over before the pause is.</summary>
    async Task<bool> PauseAsync(StepFrame frame, int attempt, TimeSpan pause)
    {
        var step = Progress.At(frame.Position);
        if (step.Part == StepPart.Main && pause >= RunTimeLeft())
            return false;
        if (pause <= TimeSpan.Zero)
            return true;
        Progress.WaitingFor = new WaitView { Kind = "retry", Step = step.Name, Message = $"attempt {attempt + 1}", Until = Now() + pause };
        return await SleepAsync(pause, frame.Cancellation);
    }

    async Task<StepEnd> WaitAsync(StepFrame frame, WaitStep wait)
    {
        var left = RunTimeLeft();
        Progress.WaitingFor = new WaitView { Kind = "wait", Step = Progress.At(frame.Position).Name, Until = Now() + wait.For };
        if (!await SleepAsync(Shorter(wait.For, left), frame.Cancellation))
            return new StepEnd(StepStatus.Cancelled, "was cancelled");
        return wait.For > left ? new StepEnd(StepStatus.TimedOut, "waits longer than the run may take") : StepEnd.Succeeded;
    }

    static async Task<bool> SleepAsync(TimeSpan time, CancellationToken cancellation)
    {
        try
        {
            await Workflow.DelayAsync(AtLeastAMoment(time), cancellation);
            return true;
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            return false;
        }
    }

    static StepStatus StatusOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Cancelled => StepStatus.Cancelled,
        AttemptOutcome.TimedOut => StepStatus.TimedOut,
        AttemptOutcome.Unknown => StepStatus.Unknown,
        _ => StepStatus.Failed,
    };

    TimeSpan RunTimeLeft() => Request.StartedAt + Begun.Job!.Timeout - Now();

    /// <summary>A limit that is over already still is a wait, of no length: timers take no zero and nothing negative.</summary>
    static TimeSpan AtLeastAMoment(TimeSpan time) => time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1);

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    static DateTimeOffset Now() => new(Workflow.UtcNow, TimeSpan.Zero);
}
