using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>
/// The proof of every line that would be imported: crontabs and folders of run-parts by the walk, timers by systemd itself.
/// </summary>
static class SourceProof
{
    const int Count = 10_000;

    // Systemd takes a millisecond for each.
    const int TimerCount = 1_000;

    public static IReadOnlyList<(string Path, int Line, string Schedule, ImportProof Proof)> Of(
        IEnumerable<ScheduleSource> sources, string timeZone, DateTimeOffset from) =>
    [
        .. sources.SelectMany(Lines)
            .Select(line => (line.Path, line.Line, line.Schedule, Read: BareTiming.Read(line.Member, line.Schedule, timeZone)))
            .Where(line => line.Read.Ok)
            .AsParallel().AsOrdered()
            .Select(line => (line.Path, line.Line, line.Schedule, line.Read.Value!.Timings[0] is FieldsTiming { Origin: FieldsOrigin.Cron }
                ? ImportProof.Of(line.Read.Value, line.Schedule, from, Count)
                : ImportProof.Against(line.Read.Value, SystemdCalendar.After(line.Schedule, timeZone, from, TimerCount)))),
    ];

    static IEnumerable<(string Path, int Line, string Member, string Schedule)> Lines(ScheduleSource source) => source switch
    {
        ScheduleSource.Crontab crontab => crontab.File.Entries.Select(entry => (source.Path, entry.Line, "cron", entry.Schedule)),
        ScheduleSource.RunParts { Scripts.Count: > 0 } parts => [(source.Path, 0, "cron", parts.Schedule)],
        ScheduleSource.Timer timer when SystemdCalendar.IsHere =>
            timer.Unit.OnCalendar.Select(line => (source.Path, line.Line, "onCalendar", line.Expression.Text)),
        _ => [],
    };
}
