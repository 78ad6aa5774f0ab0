using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Calls;
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
        var name = ActivityNameOf(frame);
        var main = Progress.At(frame.Position).Part == StepPart.Main;
        var limit = Shorter(frame.Step.Timeout, main ? RunTimeLeft() : frame.Step.Timeout);
        if (limit <= TimeSpan.Zero)
            return OwnReport(name, attempt, new AttemptOutcome.TimedOut(Begun.Job!.Timeout, null), Records.AttemptOutcome.TimedOut);
        var (host, problem) = HostOf(frame);
        if (problem is not null)
            return OwnReport(
                name, attempt, new AttemptOutcome.CouldNotStart("HOST", problem, Passing: false), Records.AttemptOutcome.Failed);
        Progress.Wait(frame.Position, new WaitView { Kind = WaitKindOf(frame.Step), Step = name, Until = Now() + limit });
        try
        {
            return await AttemptKindAsync(new Attempt(frame, name, attempt, limit, host));
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
                name, attempt, new AttemptOutcome.Unknown($"host {host.Name} did not answer in time"), Records.AttemptOutcome.Unknown);
        }
        catch (ActivityFailureException failure)
        {
            var why = failure.InnerException?.Message ?? failure.Message;
            return OwnReport(
                name, attempt, new AttemptOutcome.CouldNotStart("RUNNER", why, Passing: true), Records.AttemptOutcome.RunnerError);
        }
    }

    Task<StepReport> AttemptKindAsync(Attempt attempt) => attempt.Step switch
    {
        { Run: { } run, Restarts: { } restarts } => RunAndRestartAsync(attempt, run, restarts),
        { Run: { } run } => RunScriptAsync(attempt, run),
        { Wait.Command: { } command } => RunScriptAsync(attempt, command),
        { Job: { } child } => RunChildAsync(attempt, child),
        _ => Workflow.ExecuteActivityAsync((CallActivities a) => a.CallAsync(CallFor(attempt)), OptionsFor(attempt, attempt.Limit)),
    };

    Task<StepReport> RunScriptAsync(Attempt attempt, RunStep run) => Workflow.ExecuteActivityAsync(
        (StepActivities a) => a.RunStepAsync(RequestFor(attempt, run)), OptionsFor(attempt, attempt.Limit + run.StopGrace));

    AttemptRequest RequestFor(Attempt attempt, RunStep run)
    {
        var facts = FactsOf(attempt.Frame.Target);
        return new AttemptRequest
        {
            Job = Request.Job,
            Step = attempt.Name,
            Attempt = attempt.Number,
            RunId = Request.RunId,
            WorkflowId = Request.WorkflowId,
            ScriptName = run.Script,
            Script = run.Text ?? Begun.Files.GetValueOrDefault(run.Script, ""),
            Arguments = [.. run.Arguments.Select(facts.Resolve)],
            Environment = WithLockTokens(attempt.Frame, facts.Resolve(run.Environment)),
            Secrets = facts.Resolve(run.Secrets),
            Files = run.Files.ToDictionary(f => f, f => Begun.Files.GetValueOrDefault(f, "")),
            Timeout = attempt.Limit,
            StopGrace = run.StopGrace,
            RunAs = run.RunAs,
            Limits = run.Limits,
        };
    }

    CallRequest CallFor(Attempt attempt)
    {
        var facts = FactsOf(attempt.Frame.Target);
        return new CallRequest
        {
            Job = Request.Job,
            Step = attempt.Name,
            Attempt = attempt.Number,
            RunId = Request.RunId,
            Timeout = attempt.Limit,
            Idempotent = attempt.Step.Idempotent,
            Http = attempt.Step.Http is { } http ? CallTexts.Resolve(http, facts) : null,
            Sql = attempt.Step.Sql is { } sql ? CallTexts.Resolve(sql, facts, Begun.Files) : null,
            Activity = attempt.Step.Activity is { InputJson: { } input } activity
                ? activity with { InputJson = facts.ResolveJson(input) }
                : attempt.Step.Activity,
        };
    }

    ActivityOptions OptionsFor(Attempt attempt, TimeSpan limit) => new()
    {
        ActivityId = $"{attempt.Name}/{attempt.Number}",
        Summary = attempt.Number == 1 ? attempt.Name : $"{attempt.Name}, attempt {attempt.Number}",
        TaskQueue = attempt.Host.Queue,
        ScheduleToStartTimeout = Begun.Limits.HostTimeout,
        StartToCloseTimeout = limit + RunPolicies.ReportingAllowance,
        ScheduleToCloseTimeout = limit + RunPolicies.InfrastructureAllowance,
        HeartbeatTimeout = Begun.Limits.HeartbeatTimeout,
        RetryPolicy = RunPolicies.Infrastructure,
        // The script gets its grace, and its end is the step's result.
        CancellationType = ActivityCancellationType.WaitCancellationCompleted,
        CancellationToken = attempt.Frame.Cancellation,
    };

    /// <summary>Where the step runs: a named host, one of a selection, the target itself, or the host that began the run.</summary>
    (StepHost Host, string? Problem) HostOf(StepFrame frame)
    {
        var began = new StepHost(Begun.HostId, Begun.HostName, Begun.HostQueue);
        if (frame.Step.RunsOnAny is { } selection)
        {
            var hosts = HostChoice.Of(Begun.Inventory, selection, FactsOf(frame.Target).Resolve);
            // The same one in each attempt, and not the same one in each run.
            return hosts.Count == 0
                ? (began, $"no host of the inventory fits {selection}")
                : (StepHost.Of(hosts[Request.RunId.Sum(c => c) % hosts.Count]), null);
        }

        if ((frame.Step.RunsOn ?? frame.Step.Run?.RunsOn) is not { } text)
            return (frame.Target?.Host is { } own ? StepHost.Of(own) : began, null);
        var name = FactsOf(frame.Target).Resolve(text);
        if (name.Length == 0)
            return (began, $"'runsOn' ({text}) is empty");
        return (
            Begun.Inventory.Hosts.FirstOrDefault(h => h.Name == name) is { } known
                ? StepHost.Of(known)
                : new StepHost(name, name, TaskQueues.OfHost(name)),
            null);
    }

    /// <summary>An undo or verify has a name of its own; a target adds its label.</summary>
    string ActivityNameOf(StepFrame frame)
    {
        var record = Progress.At(frame.Position).Name;
        return frame.Step.Name.EndsWith(":verify", StringComparison.Ordinal) && !record.EndsWith(":verify", StringComparison.Ordinal)
            ? record + ":verify"
            : record;
    }

    static string WaitKindOf(StepDefinition step) => step.Run is not null ? "script" : step.Kind;

    /// <summary>For attempts that no host reported on.</summary>
    static StepReport OwnReport(string name, int attempt, AttemptOutcome outcome, Records.AttemptOutcome recorded) => new()
    {
        Outcome = outcome,
        Record = new AttemptRecord
        {
            Number = attempt, ActivityId = $"{name}/{attempt}", Outcome = recorded, Reason = outcome.ToString(), FinishedAt = Now(),
        },
    };
}

/// <summary>One try of a frame: its activity's name and number, how long it may take, and where.</summary>
sealed record Attempt(StepFrame Frame, string Name, int Number, TimeSpan Limit, StepHost Host)
{
    public StepDefinition Step => Frame.Step;
}

/// <summary>A host as a step sees it.</summary>
sealed record StepHost(string Id, string Name, string Queue)
{
    public static StepHost Of(InventoryHost host) => new(host.Id, host.Name, TaskQueues.OfHost(host.Id));
}
