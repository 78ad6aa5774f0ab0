using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Steps;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// What was approved may have changed in the world while the question waited, which can be weeks: the steps that showed it are done again right after the
/// yes, and the digests of what they give must be those that the yes was for.
/// </summary>
public sealed partial class JobRunWorkflow
{
    /// <returns>The approved end, or a failure that says what is another now.</returns>
    async Task<StepEnd> RecheckAsync(StepFrame frame, ApprovalStep rule, StepEnd approved)
    {
        foreach (var name in rule.Recheck)
        {
            var seen = Progress.EvidenceOf(name).ToList();
            var number = Progress.At(frame.Position).Attempts.Count + 1;
            var report = await AttemptAsync(frame with { Step = Begun.Job!.Steps.First(s => s.Name == name) }, number);
            Progress.AddAttempt(
                frame.Position, report.Record with { Number = number, Reason = $"'{name}' again: {report.Record.Reason ?? report.Outcome.ToString()}" });
            if (report.Outcome is Attempts.AttemptOutcome.Cancelled)
                return new StepEnd(StepStatus.Cancelled, "was cancelled while it was looked whether what was approved still holds");
            var now = EvidenceOfAgain(name, report);
            if (ApprovalEvidence.HashOf(seen) != ApprovalEvidence.HashOf(now))
                return new StepEnd(
                    StepStatus.Failed,
                    $"{approved.Reason}, but what was approved has changed since: {ApprovalEvidence.Changes(seen.ToDictionary(p => p.Name, p => p.Digest), now)}. "
                    + "Nothing was done; look at it, and start the run again");
        }

        return approved;
    }

    /// <summary>As if the step had ended like this when the question was asked.</summary>
    List<EvidencePart> EvidenceOfAgain(string name, StepReport report)
    {
        var then = Progress.Steps.First(s => s.Name == name && s.Part == StepPart.Main);
        var again = then with
        {
            Status = report.Outcome.Succeeded ? StepStatus.Succeeded : StatusOf(report.Outcome),
            Outputs = report.Outputs,
            Attempts = [report.Record],
        };
        return [.. ApprovalEvidence.OfStep(again, ApprovalEvidence.PrintedBy(again))];
    }
}
