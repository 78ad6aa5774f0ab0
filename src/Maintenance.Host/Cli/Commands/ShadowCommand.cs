using System.CommandLine;
using Maintenance.Host.Importing;
using Maintenance.Host.Runtime;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance shadow LOG</c>: what the imported schedules would have run beside cron, and what cron ran by its log. It starts nothing.
/// </summary>
static class ShadowCommand
{
    const int TimesShown = 5;

    static readonly Argument<string[]> Logs = new("LOG")
    {
        Description = "Cron's log: /var/log/syslog, cron.log, or what journalctl -t CRON prints", Arity = ArgumentArity.OneOrMore,
    };
    static readonly Option<string> Since = new("--since")
    {
        Description = "Compare from here on (default: the log's first start)", HelpName = "TIME",
    };
    static readonly Option<string> Until = new("--until")
    {
        Description = "Compare up to here (default: the log's last start)", HelpName = "TIME",
    };
    static readonly Option<string> TimeZone = new("--time-zone")
    {
        Description = "Zone of the machine that wrote the log (default: this machine's)", HelpName = "ZONE",
    };

    static readonly Option<bool> Watch = new("--watch")
    {
        Description = "Go on beside cron: say of each due time, as it passes, whether cron started it (--until TIME ends it)",
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("shadow", "Compare imported schedules with what cron's log says it ran; starts nothing")
        {
            Logs, Since, Until, TimeZone, Watch,
        };
        command.SetAction(
            (parsed, stop) => parsed.GetValue(Watch) ? WatchAsync(parsed, terminal, stop) : Task.FromResult(Run(parsed, terminal)));
        return command;
    }

    static Task<int> WatchAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var schedules = Imported(parsed, terminal);
        if (schedules is null)
            return Task.FromResult(ExitCode.BadFiles);
        var zone = ImportCommand.Zone(parsed.GetValue(TimeZone));
        var now = TimeProvider.System.GetUtcNow();
        var from = parsed.GetValue(Since) is { } since ? MomentText.Of(since, zone, now) : now.AddMinutes(1);
        DateTimeOffset? until = parsed.GetValue(Until) is { } end ? MomentText.Of(end, zone, now) : null;
        var following = new ShadowFollowing(
            new ShadowWatch(schedules, from), parsed.GetValue(Logs) ?? [], Zones.Get(zone), TimeProvider.System, terminal);
        return following.RunAsync(until, parsed.WantsJson(), stop);
    }

    /// <summary>
    /// The schedules that were imported from a crontab, each with its line's command; null when the files have problems, which are then
    /// said.
    /// </summary>
    static IReadOnlyList<(Schedule, string)>? Imported(ParseResult parsed, Terminal terminal)
    {
        var settings = parsed.ReadSettings().Settings;
        var read = ScheduleFile.Read(new DiskTexts(), settings.SchedulesFile, settings.Environment);
        if (!read.Ok)
        {
            BadFiles.Say(read.Problems, terminal);
            return null;
        }

        return [
            .. read.Value.Schedules.Select(s => (s, ImportedFrom.Find(settings.JobsDirectory, s.Job)?.Command))
                .Where(s => s.Command is not null)
                .Select(s => (s.s, s.Command!)),
        ];
    }

    static int Run(ParseResult parsed, Terminal terminal)
    {
        if (Imported(parsed, terminal) is not { } schedules)
            return ExitCode.BadFiles;
        var zone = ImportCommand.Zone(parsed.GetValue(TimeZone));
        var now = TimeProvider.System.GetUtcNow();
        var starts = CronLog.Read((parsed.GetValue(Logs) ?? []).SelectMany(Lines), Zones.Get(zone), now);
        if (starts.Count == 0)
            throw new CommandFailure(
                ExitCode.NotFound,
                "the log has no line such as 'CRON[123]: (root) CMD (…)'; Debian's cron writes them to syslog, `journalctl -t CRON` shows "
                    + "them too.");
        var report = ShadowReport.Of(
            schedules, starts, Moment(Since, starts[0].At), Moment(Until, starts[^1].At));
        if (parsed.WantsJson())
            terminal.ResultJson(new
            {
                report.From, report.To, schedules = report.Lines.Select(l => new { l.Id, l.Due, l.Started, l.OnlyHere, l.OnlyCron }),
                notHere = report.NotHere.Select(c => new { c.Command, c.Count }),
            });
        else
            Print(report, terminal);
        return report.Lines.All(line => line.Same) ? ExitCode.Ok : ExitCode.Failed;

        DateTimeOffset Moment(Option<string> option, DateTimeOffset otherwise) =>
            parsed.GetValue(option) is { } text ? MomentText.Of(text, zone, now) : otherwise;
    }

    static void Print(ShadowReport report, Terminal terminal)
    {
        terminal.Say($"from {Instants.Format(report.From)} to {Instants.Format(report.To)}; nothing was started");
        foreach (var line in report.Lines)
        {
            terminal.Result($"{line.Id}: due {line.Due} times, {line.Started} of them in cron's log{(line.Same ? "" : "  DIFFERENT")}");
            Times("due here, not started by cron", line.OnlyHere);
            Times("started by cron, not due here", line.OnlyCron);
        }

        foreach (var (command, count) in report.NotHere)
            terminal.Result($"not imported: cron started it {count} times: {command}");

        void Times(string what, IReadOnlyList<DateTimeOffset> times)
        {
            foreach (var time in times.Take(TimesShown))
                terminal.Result($"  {what}: {Instants.Format(time)}");
            if (times.Count > TimesShown)
                terminal.Result($"  {what}: {times.Count - TimesShown} more times (all of them with --json)");
        }
    }

    static IEnumerable<string> Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.NotFound, $"{path} cannot be read: {unreadable.Message}");
        }
    }
}
