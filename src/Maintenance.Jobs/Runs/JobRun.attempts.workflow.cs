using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Steps;
using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;
using AttemptOutcome = Maintenance.Jobs.Attempts.AttemptOutcome;

namespace Maintenance.Jobs.Runs;

/// <summary>One attempt of a step: an activity on a host, whose every end is a value.</summary>
public sealed partial class JobRunWorkflow
{
    async Task<StepReport> AttemptAsync(StepFrame frame, int attempt)
    {
        var record = Progress.At(frame.Position);
        var limit = Shorter(frame.Step.Timeout, record.Part == StepPart.Main ? RunTimeLeft() : frame.Step.Timeout);
        if (limit <= TimeSpan.Zero)
            return OwnReport(record.Name, attempt, new AttemptOutcome.TimedOut(Begun.Job!.Timeout, null), Records.AttemptOutcome.TimedOut);
        Progress.WaitingFor = new WaitView { Kind = "script", Step = record.Name, Until = Now() + limit };
        try
        {
            return await AttemptKindAsync(frame, record.Name, attempt, limit);
        }
        catch (ActivityFailureException failure) when (failure.InnerException is CanceledFailureException)
        {
            return OwnReport(
                record.Name, attempt, new AttemptOutcome.Cancelled("the run was cancelled before its host took the attempt"),
                Records.AttemptOutcome.Cancelled);
        }
        catch (ActivityFailureException failure) when (failure.InnerException is TimeoutFailureException)
        {
            return OwnReport(
                record.Name, attempt, new AttemptOutcome.Unknown($"host {HostNameOf(frame)} did not answer in time"),
                Records.AttemptOutcome.Unknown);
        }
        catch (ActivityFailureException failure)
        {
            var why = failure.InnerException?.Message ?? failure.Message;
            return OwnReport(
                record.Name, attempt, new AttemptOutcome.CouldNotStart("RUNNER", why, Passing: true), Records.AttemptOutcome.RunnerError);
        }
    }

    Task<StepReport> AttemptKindAsync(StepFrame frame, string name, int attempt, TimeSpan limit) => frame.Step switch
    {
        { Run: { } run } => Workflow.ExecuteActivityAsync(
            (StepActivities a) => a.RunStepAsync(RequestFor(run, name, attempt, limit)),
            OptionsFor(frame, name, attempt, limit + run.StopGrace)),
        _ => throw new InvalidOperationException($"A step of kind {frame.Step.Kind} has no attempts."),
    };

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

    ActivityOptions OptionsFor(StepFrame frame, string name, int attempt, TimeSpan limit) => new()
    {
        ActivityId = $"{name}/{attempt}",
        Summary = attempt == 1 ? name : $"{name}, attempt {attempt}",
        TaskQueue = HostQueueOf(frame),
        ScheduleToStartTimeout = Begun.Limits.HostTimeout,
        StartToCloseTimeout = limit + RunPolicies.ReportingAllowance,
        ScheduleToCloseTimeout = limit + RunPolicies.InfrastructureAllowance,
        HeartbeatTimeout = Begun.Limits.HeartbeatTimeout,
        RetryPolicy = RunPolicies.Infrastructure,
        // The script gets its grace, and its end is the step's result.
        CancellationType = ActivityCancellationType.WaitCancellationCompleted,
        CancellationToken = frame.Cancellation,
    };

    string HostQueueOf(StepFrame frame) => frame.Step.Run?.RunsOn is { } host ? TaskQueues.OfHost(host) : Begun.HostQueue;

    string HostNameOf(StepFrame frame) => frame.Step.Run?.RunsOn ?? Begun.HostName;

    /// <summary>For attempts that no host reported on.</summary>
    static StepReport OwnReport(string name, int attempt, AttemptOutcome outcome, Records.AttemptOutcome recorded) => new()
    {
        Outcome = outcome,
        Record = new AttemptRecord { Number = attempt, ActivityId = $"{name}/{attempt}", Outcome = recorded, Reason = outcome.ToString(), FinishedAt = Now() },
    };
}
