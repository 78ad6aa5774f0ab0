using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>One run as text: what and why, each step with its attempts, then the outputs and the ending.</summary>
sealed class RunStory(Terminal terminal)
{
    const int OutputLinesShown = 10;

    public void Tell(RunRecord run)
    {
        TellHead(run);
        foreach (var step in run.Steps)
            Tell(step, [.. run.Approvals.Where(approval => approval.Position == step.Position)]);
        TellEnding(run);
    }

    public void TellOpen(RunRecord run, RunNow now)
    {
        TellHead(run);
        RunNowText.TellSteps(now, terminal);
    }

    void TellHead(RunRecord run)
    {
        terminal.Result($"{run.Job}  {RunText.ShortId(run.RunId)}  {RunText.Of(run.Status)}");
        terminal.Result($"  cause     {RunText.Cause(run)}");
        terminal.Result($"  started   {RunText.Time(run.StartedAt)}{(run.HostName is { } host ? $" on {host}" : "")}");
        terminal.Result(
            $"  finished  {RunText.Time(run.FinishedAt)}{(run.Duration is { } took ? $", took {RunText.Duration(took)}" : "")}");
        terminal.Result($"  input     {run.InputJson}");
        terminal.Result($"  workflow  {run.WorkflowId} ({run.RunId})");
        if (run.BundleHash is { } bundle)
            terminal.Result($"  bundle    {bundle[..Math.Min(12, bundle.Length)]}{(run.GitCommit is { } commit ? $", git {commit}" : "")}");

        foreach (var one in run.Locks)
            terminal.Result($"  lock      {LockText.Of(one)}");
        foreach (var action in run.Actions)
            terminal.Result($"  {action.Action,-9} {Action(action)}");

        terminal.Result("");
    }

    void Tell(StepRecord step, IReadOnlyList<ApprovalRecord> approvals)
    {
        var part = step.Part == StepPart.Main ? "" : $" ({RunText.Word(step.Part)})";
        terminal.Result($"  {step.Position}. {step.Name}{part}  {RunText.Of(step.Status)}  {RunText.Duration(step.Duration)}");
        foreach (var approval in approvals)
        {
            terminal.Result($"       {ApprovalText.Of(approval)}");
            foreach (var vote in ApprovalText.Votes(approval))
                terminal.Result($"         {vote}");
            if (approval.EvidenceHash is { } hash)
                terminal.Result($"         evidence {hash}");
        }

        foreach (var attempt in step.Attempts)
            Tell(step, attempt);
        if (step.Reason is { } reason && step.Attempts.Count == 0)
            terminal.Result($"       {reason}");
    }

    void Tell(StepRecord step, AttemptRecord attempt)
    {
        // The plain case needs no line of its own: one attempt that was seen from start to end and succeeded.
        var plain = step.Attempts.Count == 1 && attempt is { Outcome: AttemptOutcome.Succeeded, Recovery: AttemptRecovery.Started };
        if (plain)
            return;

        var recovery = attempt.Recovery == AttemptRecovery.Started ? "" : $", {RunText.Word(attempt.Recovery)}";
        terminal.Result(
            $"       attempt {attempt.Number}: {Outcome(attempt)}, {RunText.Duration(attempt.Duration)}{recovery}"
            + (attempt.Reason is { } reason ? $": {reason}" : ""));
        if (attempt.Outcome != AttemptOutcome.Succeeded && attempt.Output is { } output)
        {
            foreach (var line in LastLines(output))
                terminal.Result($"         | {line}");
        }
    }

    /// <summary>A request or a statement has no exit code to add to the word.</summary>
    static string Outcome(AttemptRecord attempt) =>
        string.Join(", ", new[] { RunText.Word(attempt.Outcome), RunText.Ending(attempt) }.Distinct());

    void TellEnding(RunRecord run)
    {
        if (run.Outputs.Count > 0)
        {
            terminal.Result("");
            var width = run.Outputs.Keys.Max(name => name.Length);
            foreach (var (name, value) in run.Outputs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                terminal.Result($"  {name.PadRight(width)}  {value}");
        }

        terminal.Result("");
        terminal.Result(run.Reason is { } reason ? $"{RunText.Of(run.Status)}: {reason}" : RunText.Of(run.Status));
    }

    static string Action(RunAction action) =>
        $"{RunText.Time(action.At)} by {action.By}{(action.Verified ? "" : " (unverified)")}{(action.Step is { } step ? $", step {step}" : "")}"
        + (action.Reason is { Length: > 0 } reason ? $": {reason}" : "");

    static IEnumerable<string> LastLines(AttemptOutput output) =>
        (output.Tail.Length > 0 ? output.Tail : output.Head).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(OutputLinesShown);
}
