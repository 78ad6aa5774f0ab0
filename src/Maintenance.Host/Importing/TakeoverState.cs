using Maintenance.Host.Settings;
using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>Who starts an imported line.</summary>
enum LineRunner
{
    Cron,
    Here,
    Both,
    Nobody,

    /// <summary>Nobody, because an operator said so.</summary>
    Paused,

    /// <summary>Its crontab is not here, or is a copy that no cron reads.</summary>
    Unknown,
}

/// <summary>An imported schedule and the line that it was made of.</summary>
sealed record TakeoverState(string Id, string Crontab, int Line, LineRunner Runner)
{
    /// <summary>Both, or nobody: somebody stopped in the middle, or changed a crontab by hand.</summary>
    public bool Wrong => Runner is LineRunner.Both or LineRunner.Nobody;

    public string Sentence => Runner switch
    {
        LineRunner.Cron => $"{Id}: cron runs line {Line} of {Crontab}",
        LineRunner.Here => $"{Id}: runs here; line {Line} of {Crontab} is switched off",
        LineRunner.Both =>
            $"{Id}: cron runs line {Line} of {Crontab} and it runs here too; `maintenance takeover {Id}` leaves it here, with `--undo` to "
                + "cron",
        LineRunner.Nobody =>
            $"{Id}: nobody runs it: line {Line} of {Crontab} is switched off or gone, and the schedule waits; `maintenance takeover {Id}` "
                + "runs it here, with `--undo` cron does",
        LineRunner.Paused => $"{Id}: paused here; line {Line} of {Crontab} is switched off or gone",
        _ => $"{Id}: made of line {Line} of {Crontab}, which is not where cron reads on this machine",
    };

    /// <param name="runsHere">Whether the schedule runs; null where an operator says that it shall not.</param>
    public static IReadOnlyList<TakeoverState> Of(HostSettings settings, IEnumerable<Schedule> schedules, Func<Schedule, bool?> runsHere) =>
    [
        .. schedules.Select(schedule => (schedule, From: ImportedFrom.Find(settings.JobsDirectory, schedule.Job)))
            .Where(s => s.From is not null)
            .Select(s => Of(s.schedule, s.From!, Takeover.CrontabOf(settings, s.schedule.Id), runsHere(s.schedule))),
    ];

    /// <param name="changed">The crontab that a takeover changed; null: none did so far.</param>
    static TakeoverState Of(Schedule schedule, ImportedFrom from, string? changed, bool? here) =>
        new(schedule.Id, changed ?? from.File, from.Line, (
            changed is null && !CronReads(from.File) ? null : ByCron(from, changed ?? from.File), here) switch
        {
            (null, _) => LineRunner.Unknown,
            (false, null) => LineRunner.Paused,
            (true, true) => LineRunner.Both,
            (true, _) => LineRunner.Cron,
            (false, true) => LineRunner.Here,
            (false, false) => LineRunner.Nobody,
        });

    static bool CronReads(string path) => Path.GetFullPath(path) is var full
        && (full == "/etc/crontab" || full.StartsWith("/etc/cron.d/", StringComparison.Ordinal)
            || full.StartsWith("/var/spool/cron/", StringComparison.Ordinal));

    static bool? ByCron(ImportedFrom from, string crontab)
    {
        try
        {
            return from.IsOn(File.ReadAllBytes(crontab));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
