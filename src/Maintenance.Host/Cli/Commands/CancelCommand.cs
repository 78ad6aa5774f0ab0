using System.CommandLine;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance cancel RUN</c> asks a run to stop: its script is stopped, then its <c>finally</c> steps run.</summary>
static class CancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Run id, its beginning, or a workflow id" };
        var command = new Command("cancel", "Ask a run to stop; its `finally` steps still run") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var handle = await OpenRun.FindAsync(parsed.ReadSettings().Settings, parsed.GetValue(run)!, cancellationToken);
            // A server takes the cancellation of a run that has ended without a word.
            if ((await WorkflowCalls.RunAsync(parsed.GetValue(run)!, () => handle.DescribeAsync())).CloseTime is not null)
                throw new CommandFailure(
                    ExitCode.NotFound, $"the run has ended already; `maintenance show {parsed.GetValue(run)}` tells how.");
            await WorkflowCalls.RunAsync(parsed.GetValue(run)!, () => handle.CancelAsync());
            if (parsed.WantsJson())
                terminal.ResultJson(new { workflowId = handle.Id, runId = handle.RunId });
            else
                terminal.Result($"asked {handle.Id} to stop; `maintenance show {parsed.GetValue(run)}` tells how it ends");
            return ExitCode.Ok;
        });
        return command;
    }
}
