using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Maintenance.Host.Cli;

/// <summary><c>maintenance --help</c>: the verbs by what somebody wants to do. The help of a verb is the parser's own.</summary>
sealed class HelpPage(HelpAction ofVerbs, Terminal terminal) : SynchronousCommandLineAction
{
    static readonly IReadOnlyList<(string Title, string[] Verbs)> _groups =
    [
        ("Run it", ["up", "worker", "agent", "engine"]),
        ("Write jobs and schedules", ["validate", "job", "next", "plan", "apply", "import", "shadow", "takeover", "export"]),
        ("See what happens", ["status", "runs", "show", "logs", "ledger", "why", "evidence", "locks", "resources", "hosts", "people"]),
        ("Step in", ["trigger", "approve", "reject", "cancel", "run", "pause", "resume", "skip-next", "run-at"]),
        ("Look after it", ["doctor", "records", "version"]),
    ];

    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root, Terminal terminal)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPage((HelpAction)help.Action!, terminal);
    }

    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command is not RootCommand root)
            return ofVerbs.Invoke(parseResult);

        terminal.Result(root.Description!);
        foreach (var (title, verbs) in _groups)
        {
            terminal.Result($"\n{title}");
            foreach (var verb in verbs)
                terminal.Result($"  {verb,-10} {root.Subcommands.Single(command => command.Name == verb).Description}");
        }

        terminal.Result("\nOptions of every command");
        foreach (var option in root.Options.Where(option => option is not (HelpOption or VersionOption)))
            terminal.Result($"  {option.Name + (option.HelpName is { } value ? $" <{value}>" : ""),-24} {option.Description}");
        terminal.Result("\n`maintenance VERB --help` shows the arguments and options of a verb. Begin with `maintenance up`.");
        return ExitCode.Ok;
    }
}
