using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Calls;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Restarts;
using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using AttemptOutcome = Maintenance.Jobs.Attempts.AttemptOutcome;

namespace Maintenance.Jobs.Runs;

/// <summary>A step whose effect is that its host, the runner or a service restarts: it has succeeded when another one answers.</summary>
public sealed partial class JobRunWorkflow
{
    async Task<StepReport> RunAndRestartAsync(Attempt attempt, RunStep run, RestartPlan plan)
    {
        var before = await Workflow.ExecuteActivityAsync(
            (RestartActivities a) => a.Identify(plan), IdentityOptions(attempt, "before", RunPolicies.IdentityTimeLimit));
        var report = await ScriptThatMayBeCutOffAsync(attempt, run);
        if (!MayHaveRestarted(report.Outcome))
            return report;
        Progress.Wait(
            attempt.Frame.Position,
            new WaitView
            {
                Kind = "restart", Step = attempt.Name, Message = $"{plan.Part} on {attempt.Host.Name}", Until = Now() + plan.Timeout,
            });
        try
        {
            var after = await Workflow.ExecuteActivityAsync(
                (RestartActivities a) => a.AwaitOtherAsync(new RestartQuestion(plan, before)),
                IdentityOptions(attempt, "after", plan.Timeout));
            return report with
            {
                Outcome = new AttemptOutcome.Done(),
                Record = report.Record with
                {
                    Outcome = Records.AttemptOutcome.Succeeded,
                    Reason = $"{after.Part} was restarted ({before.Value} before, {after.Value} now)",
                    FinishedAt = Now(),
                },
            };
        }
        catch (ActivityFailureException silent) when (silent.InnerException is TimeoutFailureException)
        {
            var unknown = new AttemptOutcome.Unknown(
                $"no other {plan.Part.ToString().ToLowerInvariant()} answered on {attempt.Host.Name} "
                    + $"in {Schedules.Durations.Format(plan.Timeout)}");
            return report with
            {
                Outcome = unknown,
                Record = report.Record with { Outcome = Records.AttemptOutcome.Unknown, Reason = unknown.ToString(), FinishedAt = Now() },
            };
        }
    }

    /// <summary>A host that goes down takes the script and its worker with it: then the host is waited for, not the script.</summary>
    async Task<StepReport> ScriptThatMayBeCutOffAsync(Attempt attempt, RunStep run)
    {
        try
        {
            return await RunScriptAsync(attempt, run);
        }
        catch (ActivityFailureException failure) when (failure.InnerException is TimeoutFailureException)
        {
            return OwnReport(
                attempt.Name, attempt.Number, new AttemptOutcome.Unknown($"host {attempt.Host.Name} went away"),
                Records.AttemptOutcome.Unknown);
        }
    }

    static bool MayHaveRestarted(AttemptOutcome outcome) =>
        outcome.Succeeded || outcome is AttemptOutcome.Unknown or AttemptOutcome.Signalled;

    ActivityOptions IdentityOptions(Attempt attempt, string when, TimeSpan limit) => new()
    {
        ActivityId = $"{attempt.Name}:{when}/{attempt.Number}",
        TaskQueue = attempt.Host.Queue,
        ScheduleToCloseTimeout = limit,
        StartToCloseTimeout = limit,
        HeartbeatTimeout = Begun.Limits.HeartbeatTimeout,
        RetryPolicy = RunPolicies.Infrastructure,
        CancellationToken = attempt.Frame.Cancellation,
    };
}
