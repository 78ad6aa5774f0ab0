using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using AttemptOutcome = Maintenance.Jobs.Attempts.AttemptOutcome;
using Containment = Maintenance.Records.Containment;

namespace Maintenance.Jobs.Steps;

/// <summary>Says an attempt's result in the words of the record.</summary>
public static class StepReports
{
    public static StepReport Of(AttemptKey key, AttemptResult result) => new()
    {
        Outcome = result.Outcome,
        Outputs = result.Outputs,
        Record = new AttemptRecord
        {
            Number = 0,
            ExecutionRunId = key.RunId,
            ActivityId = key.ActivityId,
            Outcome = Word(result.Outcome),
            ExitCode = result.Outcome switch { AttemptOutcome.Exited e => e.Code, AttemptOutcome.TimedOut t => t.Code, _ => null },
            Signal = result.Outcome is AttemptOutcome.Signalled s ? s.Signal : null,
            ExitUnsure = result.Outcome is AttemptOutcome.Exited { Code: > 128 and < 193 },
            HostId = result.HostId,
            HostName = result.HostName,
            StartedAt = result.StartedAt,
            FinishedAt = result.EndedAt,
            Recovery = RecoveryOf(result),
            Containment =
                result.Containment switch { "cgroup" => Containment.Cgroup, "session" => Containment.BestEffort, _ => Containment.None },
            Reason = ReasonOf(result),
            Output = OutputBudget.Excerpt(result.Output, result.OutputBytes, OutputBudget.AttemptCharsMax),
        },
    };

    static Records.AttemptOutcome Word(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Exited { Code: 0 } => Records.AttemptOutcome.Succeeded,
        AttemptOutcome.Exited or AttemptOutcome.Signalled => Records.AttemptOutcome.Failed,
        AttemptOutcome.TimedOut => Records.AttemptOutcome.TimedOut,
        AttemptOutcome.Cancelled => Records.AttemptOutcome.Cancelled,
        AttemptOutcome.Unknown => Records.AttemptOutcome.Unknown,
        AttemptOutcome.CouldNotStart { Passing: true } => Records.AttemptOutcome.RunnerError,
        _ => Records.AttemptOutcome.Failed,
    };

    static AttemptRecovery RecoveryOf(AttemptResult result) => result switch
    {
        { Outcome: AttemptOutcome.Unknown } => AttemptRecovery.Unknown,
        { Adopted: true } => AttemptRecovery.Adopted,
        { EndedUnseen: true } => AttemptRecovery.EndedBeforeRetry,
        _ => AttemptRecovery.Started,
    };

    static string? ReasonOf(AttemptResult result)
    {
        var notes = string.Join(' ', result.Notes);
        return result.Outcome.Succeeded ? (notes.Length == 0 ? null : notes) : $"{result.Outcome}{(notes.Length == 0 ? "" : $". {notes}")}";
    }
}
