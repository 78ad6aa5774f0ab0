using System.CommandLine;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance plan</c> says what <c>apply</c> would do, and changes nothing.</summary>
static class PlanCommand
{
    static readonly Option<bool> Drift = new("--drift") { Description = "Read every schedule from the server, so that changes made behind our back are found" };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("plan", "Say what apply would change, also on the due times (exit code 2 when there are changes)") { Drift };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = parsed.ReadSettings().Settings;
        var now = TimeProvider.System.GetUtcNow();
        var desired = DesiredState.Load(settings.SchedulesFile, settings.JobsDirectory, now);
        if (!desired.Ok)
        {
            BadFiles.Say(desired.Problems, terminal);
            return ExitCode.BadFiles;
        }

        await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var client = await TemporalAccess.ConnectAsync(settings);
        var reconciler = new Reconciler(client, store, await ScheduleFiles.OptionsAsync(settings, cancellationToken), TimeProvider.System);
        var plan = await reconciler.PlanAsync(desired.Value, parsed.GetValue(Drift), cancellationToken);
        if (parsed.WantsJson())
            terminal.ResultJson(Json(plan, now));
        else
            foreach (var line in PlanReport.Lines(plan, now))
                terminal.Result(line);
        return plan.HasRefused ? ExitCode.Failed : plan.HasChanges ? ExitCode.Changes : ExitCode.Ok;
    }

    static object Json(ReconcilePlan plan, DateTimeOffset now) => new
    {
        changes = plan.Changes.Select(change => new
        {
            change.Id,
            kind = change.Kind.ToString(),
            change.Paused,
            change.Note,
            change.Differences,
            effect = change.Effect is { } e
                ? new { e.Before, e.After, e.Added, e.Removed, e.MovedIntoExcluded, firstAdded = e.FirstAdded.Select(Instants.Format), firstRemoved = e.FirstRemoved.Select(Instants.Format) }
                : null,
        }),
        plan.JobsChanged,
        plan.JobsRemoved,
        peaks = PlanReport.NewPeaks(plan, now).Select(p => new { minute = Instants.Format(p.Minute), p.Schedules }),
    };
}
