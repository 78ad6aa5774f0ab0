using System.CommandLine;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance logs RUN</c> prints what the scripts of a run wrote, and nothing else, on stdout; with <c>-f</c> also what they write
/// until the run ends.
/// </summary>
static class LogsCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Run id, its beginning, or a workflow id" };
        var step = new Option<string>("--step") { Description = "Only this step", HelpName = "NAME" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the run ends" };
        var command = new Command("logs", "Print what the scripts of a run wrote") { run, step, follow };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(follow))
            {
                return await new LogFollower(terminal, TimeProvider.System).FollowAsync(
                    parsed.ReadSettings().Settings, parsed.GetValue(run)!, parsed.GetValue(step), cancellationToken);
            }

            await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
            var record = await RecordsAccess.FindAsync(store, parsed.GetValue(run)!, cancellationToken);
            var steps = record.Steps.Where(s => parsed.GetValue(step) is not { } wanted || s.Name == wanted).ToList();
            if (steps.Count == 0 && parsed.GetValue(step) is { } missing)
            {
                throw new CommandFailure(
                    ExitCode.NotFound,
                    $"run {RunText.ShortId(record.RunId)} has no step '{missing}'; it "
                        + $"has {string.Join(", ", record.Steps.Select(s => s.Name))}.");
            }

            var outputs = await ReadAsync(store, record, steps, cancellationToken);
            if (parsed.WantsJson())
                terminal.ResultJson(outputs);
            else
                Print(outputs, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    static async Task<List<StepOutput>> ReadAsync(
        IRunStore store, RunRecord run, IEnumerable<StepRecord> steps, CancellationToken cancellationToken)
    {
        var outputs = new List<StepOutput>();
        foreach (var step in steps)
        {
            foreach (var attempt in step.Attempts)
            {
                var full = attempt.Output is { CutBytes: > 0 }
                    ? await store.GetFullOutputAsync(attempt.ExecutionRunId ?? run.RunId, attempt.ActivityId, cancellationToken)
                    : null;
                outputs.Add(new(step.Name, attempt.Number, full ?? OutputText.Joined(attempt.Output)));
            }
        }

        return outputs;
    }

    static void Print(List<StepOutput> outputs, Terminal terminal)
    {
        foreach (var output in outputs)
        {
            terminal.Say($"--- {output.Step}, attempt {output.Attempt}");
            if (output.Text.Length > 0)
                terminal.Result(output.Text.TrimEnd('\n'));
        }
    }

    sealed record StepOutput(string Step, int Attempt, string Text);
}
