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
    Task RunStepAsync(StepDefinition step, int position, CancellationToken cancellation) =>
        RunFrameAsync(new StepFrame(step, position, cancellation));

    async Task RunFrameAsync(StepFrame frame)
    {
        Progress.Change(frame.Position, s => s with { Status = StepStatus.Running, StartedAt = Now() });
        var end = await RunObedientlyAsync(frame);
        Progress.Wait(frame.Position, null);
        if (Progress.OpenApproval is null)
            Progress.WaitingFor = null;
        Progress.Change(frame.Position, s => s with { Status = end.Status, Reason = end.Reason, FinishedAt = Now() });
    }

    /// <summary>What stands between a step and its kind: condition, targets, window, locks.</summary>
    async Task<StepEnd> ControlAsync(StepFrame frame)
    {
        if (LostLockEnd(frame) is { } lost)
            return lost;
        // A condition about the item is asked for each target, any other once for the step.
        if (frame.Step.When is { } when && ConditionEnd(frame, when, frame.IsOverTargets) is { } skipped)
            return skipped;
        if (frame.IsOverTargets)
            return await WithLocksAsync(frame, LocksOf(frame), f => RunTargetsAsync(f, f.Step.ForEach!));
        if (frame.Step.Window is { } window && await WindowAsync(frame, window) is { } outside)
            return outside;
        return await WithLocksAsync(frame, LocksOf(frame), RunKindAsync);
    }

    /// <summary>A run that lost a lock does nothing further but clean up.</summary>
    StepEnd? LostLockEnd(StepFrame frame) =>
        _lostLock is { } lost && Progress.At(frame.Position).Part == StepPart.Main ? new StepEnd(StepStatus.Failed, lost) : null;

    /// <summary>Null when the step shall run.</summary>
    StepEnd? ConditionEnd(StepFrame frame, string when, bool beforeTargets)
    {
        var condition = Condition.Parse(when);
        var ofItem = condition.References().Any(r => r.Scope is "item" or "host");
        if (frame.Step.ForEach is not null && beforeTargets == ofItem)
            return null;
        try
        {
            return condition.Holds(FactsOf(frame.Target).Value)
                ? null
                : new StepEnd(StepStatus.Skipped, $"was skipped: {when} does not hold");
        }
        catch (ConditionException wrong)
        {
            return new StepEnd(StepStatus.Failed, $"has a condition without meaning here: {wrong.Message} ({when})");
        }
    }

    RunFacts FactsOf(Target? target) => new(Request, Begun, Progress.Steps, target);

    Task<StepEnd> RunKindAsync(StepFrame frame) => frame.Step switch
    {
        { Approval: { } approval } => AskAsync(frame, approval),
        { Wait: { Command: { } command } wait } => WaitForConditionAsync(frame, wait, command),
        { Wait: { } wait } => WaitAsync(frame, wait),
        { Run: not null } or { Http: not null } or { Sql: not null } or { Job: not null } or { Activity: not null } => TryAsync(frame),
        _ => Task.FromResult(new StepEnd(StepStatus.Failed, "has a kind that this version does not know")),
    };

    /// <summary>Attempts until one succeeds or the step's policy gives up.</summary>
    async Task<StepEnd> TryAsync(StepFrame frame)
    {
        var (counted, runnerErrors) = (0, 0);
        for (var attempt = 1; ; attempt++)
        {
            await HoldWhilePausedAsync(frame);
            if (frame.Cancellation.IsCancellationRequested)
                return new StepEnd(StepStatus.Cancelled, "was cancelled before its next attempt");
            if (LostLockEnd(frame) is { } lost)
                return lost;
            var report = await AttemptAsync(frame, attempt);
            if (report.Outcome.Succeeded && frame.Step.Check is { } check)
                report = await CheckedAsync(frame, check, attempt, report);
            Progress.AddAttempt(
                frame.Position,
                report.Record with { Number = frame.Step.Check is null ? attempt : Progress.At(frame.Position).Attempts.Count + 1 });
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
                return new StepEnd(
                    StatusOf(report.Outcome),
                    giveUp.Reason + (report.Outcome is AttemptOutcome.Failed ? "" : LastWords.Of(report.Record.Output)));
            case RetryDecision.Ask ask:
                var name = Progress.At(position).Name;
                // One question at a time: the answer to a run without a step's name would otherwise fit several.
                while (Progress.OpenApproval is not null)
                    await Workflow.WaitConditionAsync(() => Progress.OpenApproval is null, CancellationToken.None);
                var question = new ApprovalStep { Message = ask.Question };
                var answer = await AskPersonAsync(frame, question, ask.Question, EvidenceFor(frame, question), isDeclared: false);
                Progress.WaitingFor = null;
                return answer.Decision == ApprovalDecision.Approved
                    ? null
                    : new StepEnd(StepStatus.Unknown, $"{report.Outcome}; {Describe(answer)}");
            case RetryDecision.Again again when await PauseAsync(frame, attempt, Jittered(frame.Step.Retry, again.After)):
                return null;
            default:
                var status = frame.Cancellation.IsCancellationRequested ? StepStatus.Cancelled : StatusOf(report.Outcome);
                return new StepEnd(status, $"{report.Outcome}, and no time was left for another attempt");
        }
    }

    /// <summary>The report of an attempt whose check has run: the check's own when that did not succeed.</summary>
    async Task<StepReport> CheckedAsync(StepFrame frame, StepDefinition check, int attempt, StepReport report)
    {
        Progress.AddAttempt(frame.Position, report.Record with { Number = Progress.At(frame.Position).Attempts.Count + 1 });
        var found = await AttemptAsync(frame with { Step = check }, attempt);
        return found with
        {
            Outputs = report.Outputs.Concat(found.Outputs.Where(o => !report.Outputs.ContainsKey(o.Key))).ToDictionary(),
            Record = found.Record with { Reason = $"verify: {found.Record.Reason ?? found.Outcome.ToString()}" },
        };
    }

    static TimeSpan Jittered(RetryPlan plan, TimeSpan pause) =>
        plan.Jitter > 0 ? pause * (1 - (plan.Jitter * Workflow.Random.NextDouble())) : pause;

    /// <summary>False when the run was cancelled or its time is over before the pause is.</summary>
    async Task<bool> PauseAsync(StepFrame frame, int attempt, TimeSpan pause)
    {
        var step = Progress.At(frame.Position);
        if (step.Part == StepPart.Main && pause >= RunTimeLeft())
            return false;
        if (pause <= TimeSpan.Zero)
            return true;
        Progress.Wait(
            frame.Position, new WaitView { Kind = "retry", Step = step.Name, Message = $"attempt {attempt + 1}", Until = Now() + pause });
        return await SleepAsync(pause, frame.Cancellation);
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

    TimeSpan RunTimeLeft() => Request.StartedAt + HeldUp() + Begun.Job!.Timeout - Now();

    /// <summary>A limit that is over already still is a wait, of no length: timers take no zero and nothing negative.</summary>
    static TimeSpan AtLeastAMoment(TimeSpan time) => time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1);

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    static DateTimeOffset Now() => new(Workflow.UtcNow, TimeSpan.Zero);
}
