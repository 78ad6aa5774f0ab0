using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>Waiting for time: so long, until a moment, until a command says so, and for a window to open.</summary>
public sealed partial class JobRunWorkflow
{
    async Task<StepEnd> WaitAsync(StepFrame frame, WaitStep wait)
    {
        var left = RunTimeLeft();
        var time = wait.For ?? TimeSpan.Zero;
        if (wait.Until is { } until)
        {
            var answer = await AskClockAsync(frame, until, wait.TimeZone ?? "UTC");
            if (answer.Problem is not null)
                return new StepEnd(StepStatus.Failed, answer.Problem);
            time = (answer.At ?? Now()) - Now();
        }

        Progress.Wait(frame.Position, new WaitView { Kind = "wait", Step = Progress.At(frame.Position).Name, Until = Now() + time });
        if (!await SleepAsync(Shorter(time, left), frame.Cancellation))
            return new StepEnd(StepStatus.Cancelled, "was cancelled");
        return time > left ? new StepEnd(StepStatus.TimedOut, "waits longer than the run may take") : StepEnd.Succeeded;
    }

    /// <summary>Looks again and again until the command exits with 0. Only the last look is kept: the others said "not yet".</summary>
    async Task<StepEnd> WaitForConditionAsync(StepFrame frame, WaitStep wait, RunStep command)
    {
        var until = Now() + Shorter(wait.Timeout, RunTimeLeft());
        for (var look = 1; ; look++)
        {
            var report = await AttemptAsync(frame, look);
            Progress.Change(frame.Position, s => s with { Attempts = [report.Record with { Number = 1 }] });
            if (report.Outcome.Succeeded)
            {
                Progress.Change(frame.Position, s => s with { Outputs = report.Outputs });
                return StepEnd.Succeeded;
            }

            if (report.Outcome is Attempts.AttemptOutcome.Cancelled)
                return new StepEnd(StepStatus.Cancelled, "was cancelled");
            if (report.Outcome is Attempts.AttemptOutcome.CouldNotStart { Passing: false } || IsStop(frame.Step, report.Outcome))
                return new StepEnd(StepStatus.Failed, $"{report.Outcome}, so it stopped waiting{LastWords.Of(report.Record.Output)}");
            if (Now() + wait.Interval >= until)
                return new StepEnd(
                    StepStatus.TimedOut,
                    $"waited for {command.Script} in vain; the last of {look} looks {report.Outcome}{LastWords.Of(report.Record.Output)}");
            Progress.Wait(
                frame.Position,
                new WaitView
                {
                    Kind = "wait", Step = Progress.At(frame.Position).Name, Message = $"look {look} at {command.Script} {report.Outcome}",
                    Until = until,
                });
            if (!await SleepAsync(wait.Interval, frame.Cancellation))
                return new StepEnd(StepStatus.Cancelled, "was cancelled");
        }
    }

    static bool IsStop(StepDefinition step, Attempts.AttemptOutcome outcome) =>
        outcome is Attempts.AttemptOutcome.Exited exited && step.Retry.StopOnExitCodes.Contains(exited.Code);

    /// <summary>Null when the step may start now; otherwise it has waited for the window until it could, or shall not run.</summary>
    async Task<StepEnd?> WindowAsync(StepFrame frame, WindowPlan window)
    {
        for (var look = 1; ; look++)
        {
            var verdict = await LookAtWindowAsync(frame, window, look);
            if (verdict.Fits)
                return null;
            switch (window.Outside)
            {
                case OutsideWindow.Skip:
                    return new StepEnd(StepStatus.Skipped, $"was skipped: {verdict.Reason}");
                case OutsideWindow.Fail:
                    return new StepEnd(StepStatus.Failed, $"may not start: {verdict.Reason}");
            }

            var pause = verdict.OpensAt - Now();
            if (pause >= RunTimeLeft())
                return new StepEnd(StepStatus.TimedOut, $"may not start before the run's time is over: {verdict.Reason}");
            Progress.Wait(
                frame.Position,
                new WaitView
                {
                    Kind = "window", Step = Progress.At(frame.Position).Name, Message = verdict.Reason, Until = verdict.OpensAt,
                });
            if (!await SleepAsync(pause, frame.Cancellation))
                return new StepEnd(StepStatus.Cancelled, "was cancelled while it waited for its window");
        }
    }

    // Time zone data differs between hosts, so what a local time means is asked once, and the answer stands in the history.
    Task<MomentAnswer> AskClockAsync(StepFrame frame, string text, string zone)
    {
        var question = new MomentQuestion { Text = FactsOf(frame.Target).Resolve(text), TimeZone = zone, Now = Now() };
        return Workflow.ExecuteActivityAsync(
            () => ClockActivities.Moment(question), OnControl($"{Progress.At(frame.Position).Name}:moment/1"));
    }

    Task<WindowVerdict> LookAtWindowAsync(StepFrame frame, WindowPlan window, int look)
    {
        var question = new WindowQuestion
        {
            Window = window, Job = Request.Job, Step = frame.Step.Name, OfTargets = frame.Target is not null, Now = Now(),
        };
        return Workflow.ExecuteActivityAsync(
            (ClockActivities a) => a.WindowAsync(question), OnControl($"{Progress.At(frame.Position).Name}:window/{look}"));
    }

    static ActivityOptions OnControl(string id) => new()
    {
        ActivityId = id, StartToCloseTimeout = TimeSpan.FromSeconds(30), RetryPolicy = RunPolicies.Infrastructure,
        CancellationToken = CancellationToken.None,
    };
}
