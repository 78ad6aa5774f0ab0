using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>The proof of every crontab line that would be imported.</summary>
static class SourceProof
{
    const int Count = 10_000;

    public static IReadOnlyList<(string Path, int Line, string Schedule, ImportProof Proof)> Of(IEnumerable<ScheduleSource> sources, string timeZone, DateTimeOffset from) =>
    [
        .. sources.OfType<ScheduleSource.Crontab>()
            .SelectMany(source => source.File.Entries.Select(entry => (source.Path, entry.Line, entry.Schedule, Read: BareTiming.Read("cron", entry.Schedule, timeZone))))
            .Where(line => line.Read.Ok)
            .AsParallel().AsOrdered()
            .Select(line => (line.Path, line.Line, line.Schedule, ImportProof.Of(line.Read.Value!, line.Schedule, from, Count))),
    ];
}
