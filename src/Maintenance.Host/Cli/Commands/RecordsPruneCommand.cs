using System.CommandLine;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance records prune</c> lets go what the settings do not keep, as a worker does once a day.</summary>
static class RecordsPruneCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "prune", "Delete runs, outputs and delivered reports that are older than the settings keep them (Records:Keep…)");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = parsed.ReadSettings().Settings;
            await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
            var policy = settings.Records.ToPolicy();
            var result = await new RunRetention(store, policy).RunAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
            if (parsed.WantsJson())
                terminal.ResultJson(result);
            else
                terminal.Result(
                    $"deleted {result.Runs} runs, {result.Outputs} outputs and {result.Messages} delivered reports; runs are kept for "
                    + $"{Durations.Format(policy.Runs.Succeeded)}, failed ones for {Durations.Format(policy.Runs.Failed)}, "
                    + $"outputs for {Durations.Format(policy.Output)}");
            return ExitCode.Ok;
        });
        return command;
    }
}
