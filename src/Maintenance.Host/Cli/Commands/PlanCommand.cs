using System.CommandLine;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance plan</c> says what <c>apply</c> would do, and changes nothing.</summary>
static class PlanCommand
{
    const int DaysMax = 730;

    static readonly Option<bool> Drift = new("--drift")
    {
        Description = "Read every schedule from the server, so that changes made behind our back are found",
    };
    static readonly Option<int> Days = new("--days")
    {
        Description = $"How far to look at due times (default: {PlanEffects.DaysDefault})",
        DefaultValueFactory = _ => PlanEffects.DaysDefault, HelpName = "N",
    };

    static readonly Option<string> Out = new("--out")
    {
        Description = "Save the plan; `apply FILE` then does this or nothing", HelpName = "FILE",
    };

    internal static readonly Option<string[]> Adopt = new("--adopt")
    {
        Description = "Take over these schedules of the file that others made on the server", HelpName = "ID",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("plan", "Say what apply would change, also on the due times (exit code 2 when there are changes)")
        {
            Drift, Days, Out, Adopt,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var (days, drift) = (parsed.GetValue(Days), parsed.GetValue(Drift));
        if (days is < 1 or > DaysMax)
            throw new CommandFailure(ExitCode.Usage, $"--days is {days}; write a number from 1 to {DaysMax}.");
        await using var files = await FilesOnServer.OpenAsync(
            parsed.ReadSettings().Settings, parsed.GetValue(Adopt) ?? [], terminal, cancellationToken);
        if (files is null)
            return ExitCode.BadFiles;

        var plan = await files.Reconciler.PlanAsync(files.Desired, drift, cancellationToken);
        var effects = PlanEffects.Of(plan, files.Now, days);
        var holds = await files.Store.ListHoldsAsync(new() { Installation = files.Options.Installation }, cancellationToken);
        var lines = PlanReport.Lines(plan, effects, holds);
        if (parsed.GetValue(Out) is { } path)
            PlanFile.Of(plan, files.Options, drift, files.Now, lines).Write(path);
        if (parsed.WantsJson())
            terminal.ResultJson(Json(plan, effects, holds));
        else
            foreach (var line in lines)
                terminal.Result(line);
        return plan.HasRefused ? ExitCode.Failed : plan.HasChanges ? ExitCode.Changes : ExitCode.Ok;
    }

    static object Json(ReconcilePlan plan, PlanEffects effects, IReadOnlyList<ScheduleHold> holds) => new
    {
        plan.HasChanges,
        plan.Fingerprint,
        from = Instants.Format(effects.From),
        to = Instants.Format(effects.To),
        changes = plan.Changes.Select(change => new
        {
            change.Id,
            kind = change.Kind,
            change.Adopted,
            change.Paused,
            change.Note,
            change.Differences,
            effect = effects.Changes.GetValueOrDefault(change.Id) is { } e
                ? new
                {
                    e.Before, e.After, e.Added, e.Removed, e.MovedIntoExcluded, e.MovedOutOfExcluded,
                    addedTimes = e.FirstAdded.Select(Instants.Format), removedTimes = e.FirstRemoved.Select(Instants.Format),
                }
                : null,
        }),
        jobsChanged = plan.JobsChanged,
        plan.JobsRemoved,
        resources = plan.Resources.Select(resource => new { resource.Id, resource.Kind }),
        plan.ResourcesLeft,
        peopleChanged = plan.PeopleChanged?.HashAfter,
        timeZoneData = new { now = Zones.DataVersion, appliedWith = plan.OtherTimeZoneData },
        effects.NewCollisions,
        peaks = effects.NewPeaks.Select(p => new { minute = Instants.Format(p.Minute), p.Starts, p.Before, p.Schedules }),
        holds = holds.Select(HoldJson.Of),
    };
}
