using System.CommandLine;
using System.Diagnostics;
using Maintenance.Host.Logging;
using Maintenance.Host.Runtime;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance worker</c> runs the worker and the schedules against a Temporal server that is elsewhere.</summary>
static class WorkerCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "worker", "Run only the worker and the schedules, against the server of --temporal or a running `engine`");
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var (settings, configuration) = parsed.ReadSettings();
        using var state = StateFolder.Open(settings.DataDirectory);
        using var logging = HostLogging.Create(settings, configuration, state.SeqBuffer);

        var address = settings.Temporal.Address.Length > 0 ? settings.Temporal.Address : settings.Engine.Listen;
        state.WriteEndpoint(new(address, settings.Temporal.Namespace, Environment.ProcessId));
        await using var runner = new Runner(settings, state, address, logging);
        await runner.StartAsync(stop);
        Welcome.Say(settings, ownEngine: false, address, runner, Stopwatch.GetElapsedTime(started), terminal);
        await runner.RunAsync(stop);
        terminal.Say("stopping; scripts that run go on, and the next start finds them");
        if (runner.ExitCode == ExitCode.BadFiles)
            terminal.Say("the files have problems that are not mended yet: the schedules are those of the last good ones");
        return runner.ExitCode;
    }
}
