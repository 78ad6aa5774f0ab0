using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>What one due time or one start came to, once its minute is over.</summary>
/// <param name="Schedule">Null for a command that no imported schedule has.</param>
sealed record ShadowEvent(DateTimeOffset At, string? Schedule, string Verdict, bool Different, string? Command = null);

/// <summary>
/// The imported schedules beside a cron that runs: what would have run now, and whether cron's log says that it did. Nothing is started.
/// Time comes from the caller, minute by minute, and each minute is judged once, when the log has had time to tell of it.
/// </summary>
sealed class ShadowWatch(IReadOnlyList<(Schedule Schedule, string Command)> schedules, DateTimeOffset from)
{
    /// <summary>
    /// Cron writes a start down when it starts it, within the minute; made-up starts after a clock change follow within seconds.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly List<CronStart> _starts = [];
    readonly List<CronStart> _late = [];
    readonly DateTimeOffset _from = Minute(from);

    /// <summary>All before this is judged; a whole minute.</summary>
    public DateTimeOffset Until { get; private set; } = Minute(from);

    public int Due { get; private set; }

    public int Differences { get; private set; }

    public void Saw(IEnumerable<CronStart> starts)
    {
        foreach (var start in starts.Where(start => start.At >= _from))
            (start.At >= Until ? _starts : _late).Add(start);
    }

    /// <summary>The minutes that are over for long enough, in the order of time.</summary>
    public IReadOnlyList<ShadowEvent> Judge(DateTimeOffset now)
    {
        var late = _late.Select(start => Late(start)).ToList();
        _late.Clear();
        var until = Minute(now - Patience);
        if (until <= Until)
            return late;
        var report = ShadowReport.Of(schedules, _starts, Until, until.AddTicks(-1));
        var events = report.Lines.SelectMany(Events)
            .Concat(Others(until))
            .OrderBy(e => e.At)
            .ThenBy(e => e.Schedule, StringComparer.Ordinal)
            .ToList();
        events.InsertRange(0, late);
        _starts.RemoveAll(start => start.At < until);
        Until = until;
        Due += report.Lines.Sum(line => line.Due);
        Differences += events.Count(e => e.Different);
        return events;
    }

    static IEnumerable<ShadowEvent> Events(ShadowLine line)
    {
        var missing = line.OnlyHere.ToHashSet();
        return line.Times.Select(at => missing.Contains(at)
                ? new ShadowEvent(at, line.Id, "would have run; cron did not start it", Different: true)
                : new ShadowEvent(at, line.Id, "would have run; cron started it", Different: false))
            .Concat(line.OnlyCron.Select(at => new ShadowEvent(at, line.Id, "cron started it; not due here", Different: true)));
    }

    ShadowEvent Late(CronStart start) => schedules.FirstOrDefault(s => s.Command == start.Command).Schedule is { } schedule
        ? new ShadowEvent(Minute(start.At), schedule.Id, "cron started it; its log told so after the minute was judged", Different: false)
        : Other(start);

    static ShadowEvent Other(CronStart start) =>
        new(Minute(start.At), null, "cron started a command that is not imported", Different: false, start.Command);

    /// <summary>Told, and no difference: somebody may have left a line with cron on purpose.</summary>
    IEnumerable<ShadowEvent> Others(DateTimeOffset until)
    {
        var known = schedules.Select(s => s.Command).ToHashSet(StringComparer.Ordinal);
        return _starts.Where(start => start.At < until && !known.Contains(start.Command)).Select(Other);
    }

    static DateTimeOffset Minute(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / 60 * 60);
}
