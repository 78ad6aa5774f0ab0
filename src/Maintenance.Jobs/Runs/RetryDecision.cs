using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Runs;

/// <summary>What follows an attempt that did not succeed. Pure, because the workflow replays it.</summary>
public abstract record RetryDecision
{
    RetryDecision()
    {
    }

    public sealed record Again(TimeSpan After) : RetryDecision;

    public sealed record GiveUp(string Reason) : RetryDecision;

    /// <summary>Nobody knows how the attempt ended, and the step wants a person to say what to do.</summary>
    public sealed record Ask(string Question) : RetryDecision;

    /// <summary>Own troubles do not count as attempts of the step, but they do not go on for ever either.</summary>
    public const int RunnerErrorsMax = 10;

    public static readonly TimeSpan NotBeforeMax = TimeSpan.FromHours(1);

    /// <param name="step">The step as declared.</param>
    /// <param name="outcome">How the last attempt ended.</param>
    /// <param name="counted">Attempts so far that count against the step, this one included when it counts.</param>
    /// <param name="runnerErrors">Attempts so far that the runner itself spoiled, this one included.</param>
    public static RetryDecision Of(StepDefinition step, AttemptOutcome outcome, int counted, int runnerErrors) => outcome switch
    {
        AttemptOutcome.Cancelled cancelled => new GiveUp($"cancelled: {cancelled.Reason}"),
        AttemptOutcome.Unknown when step.OnUnknown == OnUnknown.Ask => new Ask($"{outcome}. Try the step again?"),
        AttemptOutcome.Unknown when step.OnUnknown == OnUnknown.Fail => new GiveUp(
            $"{outcome}; the step is not marked idempotent, so it is not tried again"),
        // A retry because nobody knows is not one that the step's own policy allowed: it has its own, single, extra try at least.
        AttemptOutcome.Unknown when counted <= Math.Max(step.Retry.Attempts, 1) => new Again(DelayBefore(step.Retry, counted + 1)),
        AttemptOutcome.CouldNotStart { Passing: true } =>
            runnerErrors < RunnerErrorsMax ? new Again(RunnerDelay(runnerErrors)) : new GiveUp($"{outcome} ({runnerErrors} times)"),
        AttemptOutcome.CouldNotStart or AttemptOutcome.Failed { Final: true } => new GiveUp($"{outcome}"),
        AttemptOutcome.Exited exited when step.Retry.StopOnExitCodes.Contains(exited.Code) => new GiveUp(
            $"{outcome}, which the step says not to try again"),
        AttemptOutcome.Exited exited when step.Retry.OnlyOnExitCodes is { Count: > 0 } only && !only.Contains(exited.Code) =>
            new GiveUp($"{outcome}, which is not among the codes to try again"),
        AttemptOutcome.Failed { NotBefore: { } asked } when counted < step.Retry.Attempts =>
            new Again(Longer(DelayBefore(step.Retry, counted + 1), asked)),
        _ when counted < step.Retry.Attempts => new Again(DelayBefore(step.Retry, counted + 1)),
        _ => new GiveUp(step.Retry.Attempts > 1 ? $"{outcome}, attempt {counted} of {step.Retry.Attempts}" : $"{outcome}"),
    };

    /// <summary>The pause before attempt <paramref name="attempt"/> (the second is the first with a pause).</summary>
    public static TimeSpan DelayBefore(RetryPlan plan, int attempt)
    {
        var factor = Math.Pow(plan.Backoff, Math.Max(attempt - 2, 0));
        var ms = Math.Min(plan.Initial.TotalMilliseconds * factor, plan.Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Round(ms));
    }

    /// <summary>A server's wish is respected, but not for ever.</summary>
    static TimeSpan Longer(TimeSpan own, TimeSpan asked) => asked > own ? (asked < NotBeforeMax ? asked : NotBeforeMax) : own;

    static TimeSpan RunnerDelay(int errors) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, errors - 1), 60));
}
