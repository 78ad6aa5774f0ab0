using System.CommandLine;
using System.Text.Json.Nodes;
using Maintenance.Host.Authoring;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Host.Cli.Commands.Job;

/// <summary>
/// <c>maintenance job run --local JOB</c> runs a job from its folder as it stands, on this machine and for real: nothing is applied, and no
/// server is asked. What it does is done; only its record goes away.
/// </summary>
static class JobRunCommand
{
    public static Command Create(Terminal terminal)
    {
        var job = JobCommand.Named();
        var local = new Option<bool>("--local") { Description = "Here and now, without a server (the only way that this verb has)" };
        var input = new Option<string[]>("--input", "-i")
        {
            Description = "An input, NAME=VALUE; may be repeated", HelpName = "NAME=VALUE",
        };
        var approve = new Option<bool>("--approve") { Description = "Approve whatever the job asks" };
        var skip = new Option<bool>("--skip-waits") { Description = "Do not wait between tries, nor in `wait` steps" };
        var command = new Command("run", "Run a job from its folder, here and for real, without a server")
        {
            job, local, input, approve, skip,
        };
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.ReadJobs(parsed.GetValue(job)!, terminal) is not { } sources)
                return ExitCode.BadFiles;

            await using var installation = await LocalInstallation.StartAsync(commands: null, NullLoggerFactory.Instance, stop);
            var answers = new Dictionary<string, ApprovalDecision>(StringComparer.Ordinal);
            var run = await installation.RunAsync(
                sources, Inputs(parsed.GetValue(input) ?? []), wait => Answer(wait, parsed.GetValue(approve), answers, terminal),
                parsed.GetValue(skip), stop);
            if (parsed.WantsJson())
                terminal.ResultJson(run);
            else
                Tell(run, terminal);
            return run.Status == RunStatus.Succeeded ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    static void Tell(RunRecord run, Terminal terminal)
    {
        foreach (var attempt in run.Steps.SelectMany(step => step.Attempts.Select(attempt => (step.Name, attempt))))
        {
            terminal.Say($"--- {attempt.Name}, attempt {attempt.attempt.Number}");
            if (attempt.attempt.Output is { } output)
                terminal.Say((output.Head + output.Tail).TrimEnd('\n'));
        }

        new RunStory(terminal).Tell(run);
    }

    static JsonObject Inputs(IEnumerable<string> given)
    {
        var input = new JsonObject();
        foreach (var pair in given)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new CommandFailure(ExitCode.Usage, $"--input is '{pair}'; write NAME=VALUE.");
            input[pair[..equals]] = pair[(equals + 1)..];
        }

        return input;
    }

    /// <summary>
    /// A question is put once, and its answer given until it is taken; without a person at the terminal there is nobody to wait for.
    /// </summary>
    static ApprovalDecision? Answer(WaitView wait, bool approve, Dictionary<string, ApprovalDecision> answers, Terminal terminal)
    {
        var question = $"{wait.Step}/{wait.Until}";
        if (!answers.TryGetValue(question, out var answer))
            answers[question] = answer = Ask(wait, approve, terminal);
        return answer;
    }

    static ApprovalDecision Ask(WaitView wait, bool approve, Terminal terminal)
    {
        terminal.Say($"{wait.Step}: {wait.Message}");
        if (approve)
            return ApprovalDecision.Approved;
        if (Console.IsInputRedirected)
        {
            terminal.Say("nobody can answer here, so it is rejected; `--approve` answers yes");
            return ApprovalDecision.Rejected;
        }

        terminal.Say("approve? [y/N]");
        return Console.ReadLine() is "y" or "yes" ? ApprovalDecision.Approved : ApprovalDecision.Rejected;
    }
}
