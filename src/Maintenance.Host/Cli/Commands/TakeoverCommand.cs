using System.CommandLine;
using Maintenance.Host.Importing;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance takeover ID</c> hands one imported line over: switched off in its crontab, its schedule no longer paused. The crontab is
/// copied before it is touched, and <c>--undo</c> gives the line back. Without an id it says who runs what.
/// </summary>
static class TakeoverCommand
{
    static readonly Argument<string?> Id = new("ID")
    {
        Description = "The imported schedule; none: say of all who runs them", Arity = ArgumentArity.ZeroOrOne,
    };
    static readonly Option<bool> Undo = new("--undo") { Description = "Pause the schedule, and give the line back to cron" };
    static readonly Option<string> Crontab = new("--crontab")
    {
        Description = "Where the crontab is now (default: where it was imported from)", HelpName = "FILE",
    };
    static readonly Option<bool> WithoutServer = new("--without-server")
    {
        Description = "Give the line back although the server does not answer, and will not start the schedule again",
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("takeover", "Switch an imported line off in its crontab and let its schedule run; --undo gives it back")
        {
            Id, Undo, Crontab, WithoutServer,
        };
        command.SetAction((parsed, stop) => RunAsync(parsed, terminal, stop));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var settings = parsed.ReadSettings().Settings;
        var set = Read(settings);
        if (parsed.GetValue(Id) is not { } id)
            return List(settings, set, parsed.WantsJson(), terminal);
        var schedule = set.Find(id) ?? throw new CommandFailure(
            ExitCode.NotFound,
            $"{settings.SchedulesFile} has no schedule '{id}'. {NearestName.Suggest(id, [.. set.Schedules.Select(s => s.Id)])}".TrimEnd());
        var (from, undo) = (ImportedFrom.Of(settings.JobsDirectory, schedule.Job), parsed.GetValue(Undo));
        var crontab = parsed.GetValue(Crontab) ?? Takeover.CrontabOf(settings, id) ?? from.File;

        var takeover = new Takeover(
            settings, id, from, crontab, await ServerAsync(settings, undo && !parsed.GetValue(WithoutServer), terminal, stop),
            terminal.Say);
        foreach (var step in undo ? takeover.GiveBack() : takeover.Take())
            await step.DoAsync(stop);
        terminal.Say(
            undo
                ? "`maintenance apply` makes the server's schedule that of the file"
                : "`maintenance apply` lets it run, if it was not applied before; a running `up` has seen the file already");
        terminal.Result(undo ? $"{id}: given back to cron" : $"{id}: taken over from {crontab}, line {from.Line}");
        return ExitCode.Ok;
    }

    static int List(HostSettings settings, ScheduleSet set, bool asJson, Terminal terminal)
    {
        var states = TakeoverState.Of(settings, set.Schedules, schedule => schedule.PausedReason switch
        {
            null => true,
            ImportWriter.PausedReason => false,
            _ => null,
        });
        if (asJson)
            terminal.ResultJson(states);
        foreach (var state in asJson ? [] : states)
            terminal.Result($"{(state.Wrong ? "! " : "")}{state.Sentence}");
        return states.Any(state => state.Wrong) ? ExitCode.Failed : ExitCode.Ok;
    }

    static ScheduleSet Read(HostSettings settings) =>
        ScheduleFile.Read(new DiskTexts(), settings.SchedulesFile, settings.Environment) is { Ok: true } read
            ? read.Value
            : throw new CommandFailure(
            ExitCode.BadFiles, $"{settings.SchedulesFile} has problems; `maintenance validate` lists them. Nothing was changed.");

    /// <summary>Null where no server has ever had the schedule, or may be left out.</summary>
    static async Task<TakeoverServer?> ServerAsync(HostSettings settings, bool needed, Terminal terminal, CancellationToken stop)
    {
        if (settings.Temporal.Address.Length == 0 && !Directory.Exists(Path.Combine(settings.DataDirectory, "engine")))
            return null;
        try
        {
            return new TakeoverServer(
                await TemporalAccess.ConnectAsync(settings), (await ScheduleFiles.OptionsAsync(settings, stop)).Installation);
        }
        catch (CommandFailure away) when (needed)
        {
            throw new CommandFailure(
                away.ExitCode,
                $"{away.Message} Nothing was changed: when it comes back, it would start the schedule beside cron. Start it and repeat "
                    + "this, or say `--without-server`.");
        }
        catch (CommandFailure away)
        {
            terminal.Say(away.Message);
            return null;
        }
    }
}
