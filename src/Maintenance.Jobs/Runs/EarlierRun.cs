using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>What a retry takes over from the run before: the steps that need not run again.</summary>
public sealed record EarlierRun
{
    public required string RunId { get; init; }

    /// <summary>The first step that runs again.</summary>
    public required string From { get; init; }

    /// <summary>By name, in the order of the job.</summary>
    public IReadOnlyDictionary<string, TakenStep> Steps { get; init; } = new Dictionary<string, TakenStep>();

    /// <summary>
    /// A step with targets goes on with those that are not done; not when it, or one before it, shall run again as a whole.
    /// </summary>
    public bool KeepsTargets { get; init; }

    /// <summary>
    /// A yes counts again only for the evidence it was given for. (Runs that earlier builds began take it over as any other step.)
    /// </summary>
    public bool AsksAgain { get; init; }

    /// <summary>By name of the step: the yes that was given then.</summary>
    public IReadOnlyDictionary<string, TakenApproval> Approvals { get; init; } = new Dictionary<string, TakenApproval>();

    /// <summary>Who started that run.</summary>
    public string? Requester { get; init; }

    /// <summary>Steps whose effects were undone run again, and so does everything behind them.</summary>
    /// <param name="from">The step to begin with; null: the first that did not succeed.</param>
    /// <param name="skip">A step that is left out this time.</param>
    /// <param name="requester">Who starts the retry.</param>
    public static (EarlierRun? Earlier, string Problem) Of(
        RunRecord run, JobDefinition job, string? from, string? skip, string? requester = null)
    {
        if (run.Job != job.Name)
            return (null, $"Run {run.RunId} is one of the job '{run.Job}', not of '{job.Name}'.");
        if (run.FinishedAt is null)
            return (null, $"Run {run.RunId} has not ended. Cancel it first, or let it end.");
        var names = job.Steps.Select(s => s.Name).ToList();
        if (new[] { from, skip }.FirstOrDefault(n => n is not null && !names.Contains(n)) is { } unknown)
            return (null, $"The job has no step '{unknown}'; its steps are {string.Join(", ", names)}.");
        if (job.Steps.FirstOrDefault(s => s.Name == skip)?.Approval is { } question
            && ApprovalRules.SkipRefusal(question, requester, requester) is { } refusal)
            return (null, refusal);
        var main = run.Steps.Where(s => s.Part == StepPart.Main && names.Contains(s.Name)).ToDictionary(s => s.Name);
        var undone = Undone(run);
        var first = job.Steps.ToList().FindIndex(
            s => s.Name != skip && (undone.Contains(s.Name) || !IsDone(main.GetValueOrDefault(s.Name), s)));
        if (first < 0 && from is null)
            return (null, $"All steps of run {run.RunId} are done. Name the step to begin with: `--from STEP`.");
        var start = from is null ? first : names.IndexOf(from);
        if (first >= 0 && start > first)
            return (null, Late(run, names[first], undone.Contains(names[first])));
        return (
            new EarlierRun
            {
                RunId = run.RunId,
                From = names[start],
                Steps = names.Take(start).Where(n => n != skip).ToDictionary(n => n, n => TakenStep.Of(main[n])),
                KeepsTargets = start == first,
                AsksAgain = true,
                Requester = run.Requester,
                Approvals = run.Approvals
                    .Where(a => a is { Decision: ApprovalDecision.Approved, EvidenceHash: not null, DecidedAt: not null, By: not null })
                    .GroupBy(a => a.Step)
                    .ToDictionary(g => g.Key, g => new TakenApproval(g.Last().EvidenceHash!, g.Last().By!, g.Last().DecidedAt!.Value)),
            },
            "");
    }

    static string Late(RunRecord run, string first, bool undone) =>
        $"Step '{first}' {(undone ? "was undone" : "did not succeed")} in run {run.RunId}, so the retry has to begin there or earlier. "
        + $"If it is not needed, leave it out: `--skip {first}`.";

    static bool IsDone(StepRecord? record, StepDefinition step) =>
        record is { Status: StepStatus.Succeeded }
        || (record is { Status: StepStatus.Skipped, StartedAt: not null })
        || (record is { FinishedAt: not null } && step is { ContinueOnFailure: true, Verify: false });

    /// <summary>Names of the steps, also of those of which a target was undone.</summary>
    static HashSet<string> Undone(RunRecord run) =>
        [.. run.Steps.Where(s => s.Part == StepPart.Undo && s.Attempts.Count > 0).Select(s => s.Name["undo-".Length..].Split('[')[0])];
}

/// <summary>A step as it ended in the run before.</summary>
public sealed record TakenStep(StepStatus Status, IReadOnlyDictionary<string, string> Outputs, int? ExitCode)
{
    /// <summary>Digest of what it printed.</summary>
    public string? Printed { get; init; }

    public StepRecord Into(StepRecord step, string from, DateTimeOffset at) =>
        step with { Status = Status, Reason = $"taken over from run {from}", Outputs = Outputs, StartedAt = at, FinishedAt = at };

    public static TakenStep Of(StepRecord step) => new(step.Status, step.Outputs, step.Attempts is [.., var last] ? last.ExitCode : null)
    {
        Printed = ApprovalEvidence.PrintedBy(step),
    };
}

/// <summary>A yes that was given in the run before.</summary>
public sealed record TakenApproval(string EvidenceHash, string By, DateTimeOffset DecidedAt);
