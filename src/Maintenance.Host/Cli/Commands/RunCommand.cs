using System.CommandLine;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance run …</c>: what a person tells a run on its way. Who, when and why is in its record and in the audit.</summary>
static class RunCommand
{
    static readonly Argument<string> Run = new("RUN") { Description = "Run id, its beginning, or a workflow id" };
    static readonly Option<string> Reason = new("--reason") { Description = "Why; it is recorded", HelpName = "TEXT", Required = true };
    static readonly Option<string> Wish = new("--reason") { Description = "Why; it is recorded", HelpName = "TEXT" };

    public static Command Create(Terminal terminal) =>
        new("run", "Pause, resume, skip a step of, cancel or retry a run")
        {
            Pause(terminal), Resume(terminal), Skip(terminal), Cancel(terminal), RunRetryCommand.Create(terminal),
        };

    static Command Pause(Terminal terminal)
    {
        var command = new Command("pause", "Begin no further step or attempt; what runs already runs on") { Run, Reason };
        command.SetAction((parsed, stop) => TellAsync(parsed, terminal, "pause", new RunOrder { Reason = parsed.GetValue(Reason) }, stop));
        return command;
    }

    static Command Resume(Terminal terminal)
    {
        var command = new Command("resume", "Go on after a pause") { Run, Wish };
        command.SetAction((parsed, stop) => TellAsync(parsed, terminal, "resume", new RunOrder { Reason = parsed.GetValue(Wish) }, stop));
        return command;
    }

    static Command Skip(Terminal terminal)
    {
        var step = new Argument<string>("STEP") { Description = "The step, or a target of it: patch[web-1]" };
        var command = new Command("skip", "Leave out a step, or stop it when it runs, and go on behind it") { Run, step, Reason };
        command.SetAction((parsed, stop) => TellAsync(
            parsed, terminal, "skip", new RunOrder { Reason = parsed.GetValue(Reason), Step = parsed.GetValue(step) }, stop));
        return command;
    }

    static Command Cancel(Terminal terminal)
    {
        var undo = new Option<bool>("--undo") { Description = "Also undo what was done" };
        var command = new Command("cancel", "Stop a run; its `finally` steps still run") { Run, Reason, undo };
        command.SetAction((parsed, stop) => TellAsync(
            parsed, terminal, "cancel", new RunOrder { Reason = parsed.GetValue(Reason), Undo = parsed.GetValue(undo) }, stop));
        return command;
    }

    static async Task<int> TellAsync(ParseResult parsed, Terminal terminal, string verb, RunOrder order, CancellationToken stop)
    {
        var run = parsed.GetValue(Run)!;
        var handle = await OpenRun.FindAsync(parsed.ReadSettings().Settings, run, stop);
        var action = await WorkflowCalls.RunAsync(
            run, () => handle.ExecuteUpdateAsync<RunAction>(verb, [order with { By = TemporalAccess.Person }]));
        if (parsed.WantsJson())
            terminal.ResultJson(action);
        else
            terminal.Result($"{verb} noted for {handle.Id} as {action.By}; `maintenance status {run}` tells what it does now");
        return ExitCode.Ok;
    }
}
