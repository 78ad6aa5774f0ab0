using System.CommandLine;
using System.CommandLine.Parsing;
using Maintenance.Host.Cli.Commands;
using Maintenance.Host.Cli.Commands.Job;

namespace Maintenance.Host.Cli;

/// <summary>The verbs of <c>maintenance</c>, and what happens when one of them fails.</summary>
static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        // Without response files: `--cron @daily` is a cron line and names no file.
        var parsed = Root(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                terminal.Say($"maintenance: {error.Message}");
            terminal.Say($"`{CommandPath(parsed.CommandResult)} --help` shows what can be said.");
            return ExitCode.Usage;
        }

        using var termination = new Termination();
        try
        {
            return await parsed.InvokeAsync(
                new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, termination.Stop);
        }
        catch (OperationCanceledException) when (termination.Stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (CommandFailure ex)
        {
            foreach (var line in ex.Message.Split('\n'))
                terminal.Say($"maintenance: {line}");
            return ex.ExitCode;
        }
    }

    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Runs scheduled maintenance: nothing silently lost, runs that survive a crash, people asked where it matters.")
        {
            UpCommand.Create(terminal),
            WorkerCommand.Create(terminal),
            AgentCommand.Create(terminal),
            HostsCommand.Create(terminal),
            EngineCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            JobCommand.Create(terminal),
            ImportCommand.Create(terminal),
            ShadowCommand.Create(terminal),
            TakeoverCommand.Create(terminal),
            ExportCommand.Create(terminal),
            PlanCommand.Create(terminal),
            ApplyCommand.Create(terminal),
            NextCommand.Create(terminal),
            TriggerCommand.Create(terminal),
            RunsCommand.Create(terminal),
            ShowCommand.Create(terminal),
            LogsCommand.Create(terminal),
            EvidenceCommand.Create(terminal),
            RecordsCommand.Create(terminal),
            DecideCommands.Approve(terminal),
            DecideCommands.Reject(terminal),
            PeopleCommand.Create(terminal),
            CancelCommand.Create(terminal),
            RunCommand.Create(terminal),
            LocksCommand.Create(terminal),
            StatusCommand.Create(terminal),
            ResourcesCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            OperatorCommands.Pause(terminal),
            OperatorCommands.Resume(terminal),
            OperatorCommands.SkipNext(terminal),
            OperatorCommands.RunAt(terminal),
            WhyCommand.Create(terminal),
            LedgerCommand.Create(terminal),
            VersionCommand.Create(terminal),
        };
        GlobalOptions.AddTo(root);
        return root;
    }

    static string CommandPath(SymbolResult result) =>
        result.Parent is CommandResult parent ? $"{CommandPath(parent)} {((CommandResult)result).Command.Name}" : "maintenance";
}
