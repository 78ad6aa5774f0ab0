using System.CommandLine;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance apply</c> makes the server do what the files say, and nothing else.</summary>
static class ApplyCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("apply", "Publish the jobs and make the server's schedules those of schedules.json");
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = parsed.ReadSettings().Settings;
        var desired = DesiredState.Load(settings.SchedulesFile, settings.JobsDirectory, TimeProvider.System.GetUtcNow());
        if (!desired.Ok)
        {
            BadFiles.Say(desired.Problems, terminal);
            return ExitCode.BadFiles;
        }

        await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var client = await TemporalAccess.ConnectAsync(settings);
        var reconciler = new Reconciler(
            client, store, await ScheduleFiles.OptionsAsync(settings, cancellationToken), TimeProvider.System);
        var plan = await reconciler.PlanAsync(desired.Value, drift: true, cancellationToken);
        try
        {
            await reconciler.ApplyAsync(plan, cancellationToken);
        }
        catch (ReconcileRefusedException ex)
        {
            throw new CommandFailure(ExitCode.Failed, ex.Message);
        }

        if (parsed.WantsJson())
            terminal.ResultJson(new { changes = plan.Changes.Select(change => new { change.Id, kind = change.Kind, change.Paused }), plan.JobsChanged, plan.JobsRemoved });
        else
            terminal.Result(PlanText.Summary(plan));
        return ExitCode.Ok;
    }
}
