using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Steps;
using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using AttemptOutcome = Maintenance.Jobs.Attempts.AttemptOutcome;

namespace Maintenance.Jobs.Runs;

/// <summary>One step: its attempts, its retries, its end.</summary>
public sealed partial class JobRunWorkflow
{
    async Task RunStepAsync(StepDefinition step, int position, CancellationToken cancellation)
    {
        Progress.Change(position, s => s with { Status = StepStatus.Running, StartedAt = Now() });
        var (status, reason) = step switch
        {
            { Run: { } run } => await RunScriptAsync(step, run, position, cancellation),
            { Approval: { } approval } => await AskAsync(step, approval, position, cancellation),
            { Wait: { } wait } => await WaitAsync(step, wait, cancellation),
            _ => (StepStatus.Failed, "has a kind that this version does not know"),
        };
        Progress.WaitingFor = null;
        Progress.Change(position, s => s with { Status = status, Reason = reason, FinishedAt = Now() });
    }

    async Task<(StepStatus Status, string? Reason)> RunScriptAsync(
        StepDefinition step, RunStep run, int position, CancellationToken cancellation)
    {
        var (counted, runnerErrors) = (0, 0);
        for (var attempt = 1; ; attempt++)
        {
            if (cancellation.IsCancellationRequested)
                return (StepStatus.Cancelled, "was cancelled before its next attempt");
            var report = await AttemptAsync(step, run, position, attempt, cancellation);
            Progress.AddAttempt(position, report.Record with { Number = attempt });
            if (report.Outcome.Succeeded)
            {
                Progress.Change(position, s => s with { Outputs = report.Outputs });
                return (StepStatus.Succeeded, null);
            }

            if (report.Record.Outcome == Records.AttemptOutcome.RunnerError)
                runnerErrors++;
            else
                counted++;
            switch (RetryDecision.Of(step, report.Outcome, counted, runnerErrors))
            {
                case RetryDecision.GiveUp giveUp:
                    Progress.Change(position, s => s with { Outputs = report.Outputs });
                    return (StatusOf(report.Outcome), giveUp.Reason + LastWords.Of(report.Record.Output));
                case RetryDecision.Ask ask:
                    if (await AskPersonAsync(Progress.At(position).Name, position, ask.Question, JobDefaults.ApprovalTimeout, cancellation) is var answer && answer.Decision != ApprovalDecision.Approved)
                        return (StepStatus.Unknown, $"{report.Outcome}; {Describe(answer)}");
                    break;
                case RetryDecision.Again again:
                    if (!await PauseAsync(position, attempt, again.After, cancellation))
                        return (cancellation.IsCancellationRequested ? StepStatus.Cancelled : StatusOf(report.Outcome), $"{report.Outcome}, and no time was left for another attempt");
                    break;
            }
        }
    }

    async Task<StepReport> AttemptAsync(StepDefinition step, RunStep run, int position, int attempt, CancellationToken cancellation)
    {
        var name = Progress.At(position).Name;
        var limit = Shorter(step.Timeout, Progress.At(position).Part == StepPart.Main ? RunTimeLeft() : step.Timeout);
        if (limit <= TimeSpan.Zero)
            return OwnReport(name, attempt, new AttemptOutcome.TimedOut(Begun.Job!.Timeout, null), Records.AttemptOutcome.TimedOut);
        Progress.WaitingFor = new WaitView { Kind = "script", Step = name, Until = Now() + limit };
        try
        {
            return await Workflow.ExecuteActivityAsync(
                (StepActivities a) => a.RunStepAsync(RequestFor(run, name, attempt, limit)),
                OptionsFor(run, name, attempt, limit, cancellation));
        }
        catch (ActivityFailureException failure) when (failure.InnerException is CanceledFailureException)
        {
            return OwnReport(
                name, attempt, new AttemptOutcome.Cancelled("the run was cancelled before its host took the attempt"),
                Records.AttemptOutcome.Cancelled);
        }
        catch (ActivityFailureException failure) when (failure.InnerException is TimeoutFailureException)
        {
            return OwnReport(
                name, attempt, new AttemptOutcome.Unknown($"host {run.RunsOn ?? Begun.HostName} did not answer in time"),
                Records.AttemptOutcome.Unknown);
        }
        catch (ActivityFailureException failure)
        {
            var why = failure.InnerException?.Message ?? failure.Message;
            return OwnReport(
                name, attempt, new AttemptOutcome.CouldNotStart("RUNNER", why, Passing: true), Records.AttemptOutcome.RunnerError);
        }
    }

    AttemptRequest RequestFor(RunStep run, string name, int attempt, TimeSpan limit)
    {
        var facts = new RunFacts(Request, Begun, Progress.Steps);
        return new AttemptRequest
        {
            Job = Request.Job,
            Step = name,
            Attempt = attempt,
            RunId = Request.RunId,
            WorkflowId = Request.WorkflowId,
            ScriptName = run.Script,
            Script = Begun.Files.GetValueOrDefault(run.Script, ""),
            Arguments = [.. run.Arguments.Select(facts.Resolve)],
            Environment = facts.Resolve(run.Environment),
            Secrets = facts.Resolve(run.Secrets),
            Files = run.Files.ToDictionary(f => f, f => Begun.Files.GetValueOrDefault(f, "")),
            Timeout = limit,
            StopGrace = run.StopGrace,
        };
    }

    ActivityOptions OptionsFor(RunStep run, string name, int attempt, TimeSpan limit, CancellationToken cancellation) => new()
    {
        ActivityId = $"{name}/{attempt}",
        Summary = attempt == 1 ? name : $"{name}, attempt {attempt}",
        TaskQueue = run.RunsOn is { } host ? TaskQueues.OfHost(host) : Begun.HostQueue,
        ScheduleToStartTimeout = Begun.Limits.HostTimeout,
        StartToCloseTimeout = limit + run.StopGrace + RunPolicies.ReportingAllowance,
        ScheduleToCloseTimeout = limit + run.StopGrace + RunPolicies.InfrastructureAllowance,
        HeartbeatTimeout = Begun.Limits.HeartbeatTimeout,
        RetryPolicy = RunPolicies.Infrastructure,
        // The script gets its grace, and its end is the step's result.
        CancellationType = ActivityCancellationType.WaitCancellationCompleted,
        CancellationToken = cancellation,
    };

    /// <summary>For attempts that no host reported on.</summary>
    static StepReport OwnReport(string name, int attempt, AttemptOutcome outcome, Records.AttemptOutcome recorded) => new()
    {
        Outcome = outcome,
        Record = new AttemptRecord { Number = attempt, ActivityId = $"{name}/{attempt}", Outcome = recorded, Reason = outcome.ToString(), FinishedAt = Now() },
    };

    /// <summary>False when the run was cancelled or its time is over before the pause is.</summary>
    async Task<bool> PauseAsync(int position, int attempt, TimeSpan pause, CancellationToken cancellation)
    {
        var step = Progress.At(position);
        if (step.Part == StepPart.Main && pause >= RunTimeLeft())
            return false;
        if (pause <= TimeSpan.Zero)
            return true;
        Progress.WaitingFor = new WaitView { Kind = "retry", Step = step.Name, Message = $"attempt {attempt + 1}", Until = Now() + pause };
        return await SleepAsync(pause, cancellation);
    }

    async Task<(StepStatus, string?)> WaitAsync(StepDefinition step, WaitStep wait, CancellationToken cancellation)
    {
        var left = RunTimeLeft();
        Progress.WaitingFor = new WaitView { Kind = "wait", Step = step.Name, Until = Now() + wait.For };
        if (!await SleepAsync(Shorter(wait.For, left), cancellation))
            return (StepStatus.Cancelled, "was cancelled");
        return wait.For > left ? (StepStatus.TimedOut, "waits longer than the run may take") : (StepStatus.Succeeded, null);
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
