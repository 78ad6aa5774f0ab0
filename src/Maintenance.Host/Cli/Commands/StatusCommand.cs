using System.CommandLine;

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
            var now = await WorkflowCalls.RunAsync(parsed.GetValue(run)!, () => RunNow.AskAsync(handle, cancellationToken));
            if (parsed.WantsJson())
                terminal.ResultJson(RunNowText.Json(now));
            else
                RunNowText.Tell(now, terminal);
            return now.Status is null ? ExitCode.Unavailable : ExitCode.Ok;
        });
        return command;
    }
}
