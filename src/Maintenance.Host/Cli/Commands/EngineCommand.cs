using System.CommandLine;
using Maintenance.Host.Logging;
using Maintenance.Host.Metrics;
using Temporal.Engine;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance engine</c> runs only the Temporal-compatible server, for any Temporal client, CLI or UI.</summary>
static class EngineCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("engine", "Run only the embedded Temporal-compatible server, on the data folder's own `engine` database");
        EngineDataCommands.AddTo(command, terminal);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var (settings, configuration) = parsed.ReadSettings();
        using var logging = HostLogging.Create(settings, configuration, seqBuffer: null);
        await using var metrics = await MetricsExport.StartAsync(settings.Metrics, stop);
        await using var engine = await StartEngine.RunAsync(
            Path.Combine(settings.DataDirectory, "engine"), settings.Engine, logging, stop);

        terminal.Result($"engine ready on {engine.Address}");
        await stop.UntilCancelledAsync();
        return ExitCode.Ok;
    }
}
