using System.CommandLine;
using Maintenance.Jobs.Runs;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance status</c> says what is wrong, what operators did and what is due next; <c>status RUN</c> asks an open run what is done,
/// what runs, and what it waits for.
/// </summary>
static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string?>("RUN")
        {
            Description = "Run id, its beginning, or a workflow id; none: the installation", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("status", "Say how the installation stands, or what a run does now and waits for") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(run) is null)
                return await InstallationStatus.SayAsync(parsed, terminal, cancellationToken);
            var handle = await OpenRun.FindAsync(parsed.ReadSettings().Settings, parsed.GetValue(run)!, cancellationToken);
            var status = await WorkflowCalls.RunAsync(parsed.GetValue(run)!, () => handle.QueryAsync<RunStatusView>("status", []));
            if (parsed.WantsJson())
                terminal.ResultJson(status);
            else
                Print(status, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Print(RunStatusView status, Terminal terminal)
    {
        terminal.Result($"{status.Job}  {RunText.ShortId(status.RunId)}  {RunText.Of(status.Status)}, {status.Phase}");
        foreach (var step in status.Steps)
        {
            var attempt = step.Attempts > 1 && step.Reason?.Contains($"attempt {step.Attempt} of", StringComparison.Ordinal) != true
                ? $", attempt {step.Attempt} of {step.Attempts}"
                : "";
            terminal.Result($"  {step.Name}  {RunText.Of(step.Status)}{attempt}{(step.Reason is { } reason ? $": {reason}" : "")}");
        }

        if (status.Paused is { } pause)
        {
            var reason = pause.Reason is { Length: > 0 } why ? $": {why}" : "";
            terminal.Result($"paused by {pause.By}{reason}; `maintenance run resume` lets it go on");
        }

        if (status.WaitingFor is { Kind: not "paused" } wait)
        {
            terminal.Result(
                $"waits for {wait.Kind}{(wait.Step is { } step ? $" of {step}" : "")}{(wait.Message is { } message ? $": {message}" : "")}"
                + (wait.Until is { } until ? $", until {RunText.Time(until)} at the latest" : ""));
        }

        if (status.Question is { } question)
        {
            ApprovalText.Tell(question, terminal);
            terminal.Say($"  answer with `maintenance approve {RunText.ShortId(status.RunId)} --reason TEXT`, or `reject`");
        }
    }
}
