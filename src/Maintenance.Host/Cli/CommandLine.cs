using System.CommandLine;
using System.CommandLine.Parsing;
using Maintenance.Host.Cli.Commands;
using Maintenance.Host.Cli.Commands.Job;
using Maintenance.Schedules;

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
            if (args.Length == 0)
                await Root(terminal).Parse("--help").InvokeAsync(cancellationToken: CancellationToken.None);
            foreach (var error in Errors(parsed))
                terminal.Say($"maintenance: {error}");
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
        catch (Exception ex)
        {
            // Nobody foresaw it: the lines are for who mends it, the exit code for who watches.
            terminal.Say($"maintenance: this is a fault of the program; please report it with the lines below.\n{ex}");
            return ExitCode.Internal;
        }
    }

    internal static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand(
            "Runs scheduled maintenance: nothing silently lost, runs that survive a crash, people asked where it matters.")
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
        HelpPage.AddTo(root, terminal);
        return root;
    }

    /// <summary>For a word that is no command, the one that may have been meant; the parser only says that it does not know it.</summary>
    static IEnumerable<string> Errors(ParseResult parsed)
    {
        var commands = parsed.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).ToList();
        if (commands.Count > 0 && parsed.UnmatchedTokens is [var word, ..] && !word.StartsWith('-'))
            return [$"there is no command '{word}'. {NearestName.Suggest(word, commands)}"];
        return commands.Count > 0 && parsed.UnmatchedTokens.Count == 0
            ? [$"say which command: {string.Join(", ", commands)}."]
            : parsed.Errors.Select(error => error.Message);
    }

    static string CommandPath(SymbolResult result) =>
        result.Parent is CommandResult parent ? $"{CommandPath(parent)} {((CommandResult)result).Command.Name}" : "maintenance";
}
