using System.CommandLine;
using System.Text.RegularExpressions;
using Maintenance.Host.Logging;
using Maintenance.Host.Runtime;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance agent</c> runs the steps of one host; <c>--drain</c> lets it end what it has and take nothing new, <c>--health</c> says
/// how it is.
/// </summary>
static partial class AgentCommand
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    public static Command Create(Terminal terminal)
    {
        var host = new Option<string>("--host")
        {
            Description = "Id of this host in jobs/hosts.json (default: its host name)", HelpName = "NAME",
        };
        var drain = new Option<bool>("--drain")
        {
            Description = "Let the agent of the data folder take nothing new; returns when it has ended",
        };
        var health = new Option<bool>("--health")
        {
            Description = "Say how the agent of the data folder is; exit code 1 when it does not work",
        };
        var command = new Command(
            "agent", "Run the steps of one host, with no database and no files but its data folder") { host, drain, health };
        command.SetAction((parsed, stop) =>
            parsed.GetValue(health) ? Task.FromResult(SayHealth(parsed, terminal))
            : parsed.GetValue(drain) ? DrainAsync(parsed, terminal, stop)
            : RunAsync(parsed, parsed.GetValue(host) ?? Environment.MachineName, terminal, stop));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, string host, Terminal terminal, CancellationToken stop)
    {
        if (!HostPattern().IsMatch(host))
            throw new CommandFailure(
                ExitCode.Usage, $"'{host}' is no name of a host; use letters, digits, '.', '-' and '_', at most 60 characters.");
        var (settings, configuration) = parsed.ReadSettings();
        using var state = StateFolder.Open(settings.DataDirectory);
        using var logging = HostLogging.Create(settings, configuration, state.SeqBuffer);
        var address = settings.Temporal.Address.Length > 0 ? settings.Temporal.Address : settings.Engine.Listen;
        var agent = new AgentHost(settings, state, host, address, logging);
        await agent.RunAsync(() => terminal.Say($"agent of {host} ready, works for {address}"), stop);
        terminal.Say(
            stop.IsCancellationRequested
                ? "stopping; scripts that run go on, and the next start finds them"
                : "drained: nothing runs here");
        return ExitCode.Ok;
    }

    static int SayHealth(ParseResult parsed, Terminal terminal)
    {
        var note = Read(parsed);
        var alive = AgentFolder.IsAlive(note);
        var age = DateTimeOffset.UtcNow - note.At;
        var works = alive && age < AgentFolder.NoteAgeMax && note.State == AgentState.Working;
        if (parsed.WantsJson())
            terminal.ResultJson(new { note.Host, note.State, note.Server, note.Pid, note.RunningSteps, note.At, alive, healthy = works });
        else
            terminal.Result(
                $"{note.Host}  {RunText.Word(note.State)}  {note.RunningSteps} steps run  last "
                    + $"note {RunText.Time(note.At)}{(alive ? "" : "  its process is gone")}");
        return works ? ExitCode.Ok : ExitCode.Failed;
    }

    static async Task<int> DrainAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var folder = new AgentFolder(parsed.ReadSettings().Settings.DataDirectory);
        var note = Read(parsed);
        if (!AgentFolder.IsAlive(note))
            throw new CommandFailure(ExitCode.NotFound, $"the agent of {note.Host} does not run (it was process {note.Pid}).");
        folder.AskToDrain();
        terminal.Say($"draining {note.Host}: {note.RunningSteps} steps run");
        using var look = new PeriodicTimer(LookEvery);
        while (AgentFolder.IsAlive(note))
            await look.WaitForNextTickAsync(stop);
        terminal.Result($"{note.Host} is drained");
        return folder.Read() is { State: AgentState.Drained } ? ExitCode.Ok : ExitCode.Failed;
    }

    static AgentNote Read(ParseResult parsed)
    {
        var data = parsed.ReadSettings().Settings.DataDirectory;
        return new AgentFolder(data).Read()
            ?? throw new CommandFailure(ExitCode.NotFound, $"no agent has worked in {data}; name its folder with `--data DIR`.");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
    private static partial Regex HostPattern();
}
