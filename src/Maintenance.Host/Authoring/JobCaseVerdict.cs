using Maintenance.Host.Cli;
using Maintenance.Records;

namespace Maintenance.Host.Authoring;

/// <summary>Holds what happened against what a case demands.</summary>
static class JobCaseVerdict
{
    /// <summary>Each difference as a line; empty when the case passed.</summary>
    public static IReadOnlyList<string> Of(JobExpectation expect, RunRecord run, IReadOnlyList<FakeCall> calls) =>
        [
            .. RunDifferences(expect, run), .. expect.Steps.SelectMany(step => StepDifferences(step.Key, step.Value, run)),
            .. CallDifferences(expect, calls),
        ];

    static IEnumerable<string> RunDifferences(JobExpectation expect, RunRecord run)
    {
        if (run.Status != expect.Status)
            yield return $"the run: expected {RunText.Of(expect.Status)}, "
                + $"was {RunText.Of(run.Status)}{(run.Reason is { } why ? $": {why}" : "")}";
        if (expect.Reason is { } reason && run.Reason?.Contains(reason, StringComparison.Ordinal) != true)
            yield return $"the run's reason: expected '{reason}' in it, was '{run.Reason}'";
    }

    static IEnumerable<string> StepDifferences(string name, StepExpectation expect, RunRecord run)
    {
        if (run.Steps.FirstOrDefault(step => step.Name == name) is not { } step)
        {
            yield return $"step {name}: is not in the run; it has {string.Join(", ", run.Steps.Select(s => s.Name))}";
            yield break;
        }

        var last = step.Attempts.Count > 0 ? step.Attempts[^1] : null;
        if (expect.Status is { } status && step.Status != status)
            yield return $"step {name}: expected {RunText.Of(status)}, "
                + $"was {RunText.Of(step.Status)}{(step.Reason is { } why ? $": {why}" : "")}";
        if (expect.ExitCode is { } code && last?.ExitCode != code)
            yield return $"step {name}: expected exit code {code}, was {(last is null ? "not started" : RunText.Ending(last))}";
        if (expect.Attempts is { } attempts && step.Attempts.Count != attempts)
            yield return $"step {name}: expected {attempts} attempts, had {step.Attempts.Count}";
        var said = last?.Output is { } output ? output.Head + output.Tail : "";
        if (expect.Output is { } text && !said.Contains(text, StringComparison.Ordinal))
            yield return $"step {name}: expected '{text}' in its output, which was:\n{said.TrimEnd()}";
        foreach (var (key, value) in expect.Outputs)
            if (step.Outputs.GetValueOrDefault(key) != value)
                yield return $"step {name}: expected output {key} to be '{value}', "
                    + $"was {(step.Outputs.TryGetValue(key, out var other) ? $"'{other}'" : "not written")}";
    }

    static IEnumerable<string> CallDifferences(JobExpectation expect, IReadOnlyList<FakeCall> calls)
    {
        var at = 0;
        foreach (var wanted in expect.Calls)
        {
            while (at < calls.Count && calls[at].ToString() != wanted)
                at++;
            if (at++ >= calls.Count)
            {
                yield return $"expected the call '{wanted}'; the calls were:{Lines(calls)}";
                break;
            }
        }

        foreach (var unwanted in expect.NoCalls)
            if (calls.FirstOrDefault(call => call.ToString().Contains(unwanted, StringComparison.Ordinal)) is { } came)
                yield return $"expected no call with '{unwanted}', there was '{came}'";
    }

    static string Lines(IReadOnlyList<FakeCall> calls) => calls.Count == 0 ? " none" : string.Concat(calls.Select(call => $"\n  {call}"));
}
