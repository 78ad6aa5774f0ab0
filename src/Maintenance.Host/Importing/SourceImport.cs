using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>Schedules and jobs of what was read.</summary>
static class SourceImport
{
    public static ImportedLines Of(ScheduleSource source, string timeZone, string? host, IEnumerable<string> taken)
    {
        var origin = new ImportOrigin(source.Path, timeZone, host);
        return source switch
        {
            ScheduleSource.Crontab crontab => CrontabImport.Of(crontab.File, origin, crontab.User, taken),
            ScheduleSource.Anacrontab anacrontab => AnacrontabImport.Of(anacrontab.File, origin, taken),
            ScheduleSource.Timer timer => TimerImport.Of(timer.Unit, timer.Service, origin, taken),
            ScheduleSource.RunParts parts =>
                RunPartsImport.Of(OnItsMachine(parts.Path), parts.Schedule, parts.Scripts, parts.Others, origin, taken),
            ScheduleSource.NotRead other => new ImportedLines([], [new RefusedLine(0, $"{other.Reason}.", other.Advice)]),
            _ => throw new ArgumentOutOfRangeException(nameof(source)),
        };
    }

    /// <summary>The copy of a machine's /etc/cron.daily, wherever it lies here, is /etc/cron.daily there.</summary>
    static string OnItsMachine(string folder) =>
        Path.GetFullPath(folder) is var full && full.LastIndexOf("/etc/", StringComparison.Ordinal) is >= 0 and var etc
            ? full[etc..].TrimEnd('/')
            : full.TrimEnd('/');
}
