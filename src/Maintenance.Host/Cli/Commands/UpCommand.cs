using System.CommandLine;
using System.Diagnostics;
using Maintenance.Host.Logging;
using Maintenance.Host.Metrics;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Microsoft.Extensions.Logging;
using Temporal.Engine;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance up</c> runs everything in this process: engine, records, worker, schedules, reports.</summary>
static class UpCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("up", "Run everything: engine, worker, schedules (with --temporal: the worker of a Temporal server)");
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var (settings, configuration) = parsed.ReadSettings();
        using var state = StateFolder.Open(settings.DataDirectory);
        using var logging = HostLogging.Create(settings, configuration, state.SeqBuffer);

        await using var metrics = await MetricsExport.StartAsync(settings.Metrics, stop);
        await using var engine = await StartEngineAsync(settings, state, logging, stop);
        var address = engine?.Address ?? settings.Temporal.Address;
        state.WriteEndpoint(new(address, settings.Temporal.Namespace, Environment.ProcessId));

        await using var runner = new Runner(settings, state, address, logging);
        await runner.StartAsync(stop);
        Welcome.Say(settings, engine is not null, address, runner, Stopwatch.GetElapsedTime(started), terminal);
        await runner.RunAsync(stop);
        terminal.Say("stopping; scripts that run go on, and the next start finds them");
        if (runner.ExitCode == ExitCode.BadFiles)
            terminal.Say("the files have problems that are not mended yet: the schedules are those of the last good ones");
        return runner.ExitCode;
    }

    static async Task<TemporalEngine?> StartEngineAsync(
        HostSettings settings, StateFolder state, ILoggerFactory logging, CancellationToken stop) =>
        settings.Temporal.Address.Length > 0 ? null : await StartEngine.RunAsync(state.Engine, settings.Engine, logging, stop);
}
