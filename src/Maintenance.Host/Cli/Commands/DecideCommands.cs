using System.CommandLine;
using Maintenance.Jobs.Runs;
using Temporalio.Client;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance approve RUN</c> and <c>maintenance reject RUN</c> answer the question that a run waits with.</summary>
static class DecideCommands
{
    public static Command Approve(Terminal terminal) => Create(terminal, "approve", "Let a waiting run go on", "approved");

    public static Command Reject(Terminal terminal) => Create(terminal, "reject", "Stop a waiting run", "rejected");

    static Command Create(Terminal terminal, string verb, string description, string done)
    {
        var run = new Argument<string>("RUN") { Description = "Run id, its beginning, or a workflow id" };
        var reason = new Option<string>("--reason") { Description = "Why; it is recorded", HelpName = "TEXT" };
        var step = new Option<string>("--step") { Description = "The step that asks, when more than one does", HelpName = "NAME" };
        var command = new Command(verb, description) { run, reason, step };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = parsed.ReadSettings().Settings;
            var handle = await OpenRun.FindAsync(settings, parsed.GetValue(run)!, cancellationToken);
            var decision = new ApprovalAnswer
            {
                By = TemporalAccess.Person, Reason = parsed.GetValue(reason), Step = parsed.GetValue(step),
            };
            await WorkflowCalls.RunAsync(parsed.GetValue(run)!, () => handle.ExecuteUpdateAsync(verb, [decision]));
            if (parsed.WantsJson())
                terminal.ResultJson(new { workflowId = handle.Id, runId = handle.RunId, decision = done, by = TemporalAccess.Person });
            else
                terminal.Result($"{done} as {TemporalAccess.Person}");
            return ExitCode.Ok;
        });
        return command;
    }
}
