using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>An imported schedule beside its line: what would have run, and what cron did run.</summary>
/// <param name="Times">When it was due here, in whole minutes.</param>
/// <param name="OnlyHere">Due here, with no start in cron's log.</param>
/// <param name="OnlyCron">Started by cron, and not due here.</param>
sealed record ShadowLine(
    string Id, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<DateTimeOffset> OnlyHere, IReadOnlyList<DateTimeOffset> OnlyCron)
{
    public int Due => Times.Count;

    public int Started => Due - OnlyHere.Count;

    public bool Same => OnlyHere.Count == 0 && OnlyCron.Count == 0;
}

/// <summary>The imported schedules held against cron's log. Nothing is started.</summary>
/// <param name="NotHere">Commands in the log that no imported schedule has, with how often cron started them.</param>
sealed record ShadowReport(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ShadowLine> Lines, IReadOnlyList<(string Command, int Count)> NotHere)
{
    /// <param name="schedules">Each with the command that its line had.</param>
    public static ShadowReport Of(
        IReadOnlyList<(Schedule Schedule, string Command)> schedules, IReadOnlyList<CronStart> starts, DateTimeOffset from,
        DateTimeOffset to)
    {
        var within = starts.Where(start => start.At >= from && start.At <= to).ToList();
        var byCommand = within.ToLookup(start => start.Command, start => Minute(start.At), StringComparer.Ordinal);
        var lines = schedules.GroupBy(s => s.Command, StringComparer.Ordinal)
            .SelectMany(group => Compare([.. group.Select(g => g.Schedule)], [.. byCommand[group.Key]], from, to));
        var known = schedules.Select(s => s.Command).ToHashSet(StringComparer.Ordinal);
        return new ShadowReport(
            from, to, [.. lines.OrderBy(l => l.Id, StringComparer.Ordinal)],
            [.. byCommand.Where(c => !known.Contains(c.Key)).Select(c => (c.Key, c.Count()))]);
    }

    /// <summary>
    /// Several lines may have one command: a start belongs to each that was due in its minute. Starts that nobody was due for are the first
    /// one's. Cron makes up several lost times of a clock change in one minute, which is one run here.
    /// </summary>
    static IEnumerable<ShadowLine> Compare(
        IReadOnlyList<Schedule> schedules, IReadOnlyList<DateTimeOffset> starts, DateTimeOffset from, DateTimeOffset to)
    {
        var started = starts.ToHashSet();
        var due = schedules.ToDictionary(
            s => s,
            s => DueTimes.After(s, Minute(from).AddSeconds(-1)).Select(d => Minute(d.Due)).TakeWhile(at => at <= to).Distinct().ToList());
        var all = due.Values.SelectMany(d => d).ToHashSet();
        foreach (var schedule in schedules)
        {
            var times = due[schedule];
            yield return new ShadowLine(
                schedule.Id, times, [.. times.Where(at => !started.Contains(at))],
                schedule == schedules[0] ? [.. started.Except(all).Order()] : []);
        }
    }

    static DateTimeOffset Minute(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / 60 * 60);
}
