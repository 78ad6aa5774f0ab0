namespace Maintenance.Schedules;

/// <summary>A minute in which several schedules are due.</summary>
public sealed record LoadPeak(DateTimeOffset Minute, IReadOnlyList<string> Schedules);

/// <summary>Where starts pile up.</summary>
public static class MinuteLoad
{
    /// <summary>The fullest minutes of a period, fullest first and earlier ones first among equals; minutes with one start are no peak.</summary>
    public static IReadOnlyList<LoadPeak> Peaks(IEnumerable<Schedule> schedules, DateTimeOffset from, DateTimeOffset to, int count)
    {
        var all = schedules.ToList();
        var starts = new Dictionary<long, int>();
        foreach (var schedule in all)
        {
            foreach (var minute in Minutes(schedule, from, to))
                starts[minute] = starts.GetValueOrDefault(minute) + 1;
        }

        var fullest = starts.Where(s => s.Value > 1).OrderByDescending(s => s.Value).ThenBy(s => s.Key).Take(count).Select(s => s.Key).ToList();
        return [.. fullest.Select(m => new LoadPeak(DateTimeOffset.FromUnixTimeSeconds(m * 60), DueIn(all, m)))];
    }

    static IEnumerable<long> Minutes(Schedule schedule, DateTimeOffset from, DateTimeOffset to) => DueTimes.After(schedule, from)
        .Select(d => d.Due.ToUnixTimeSeconds())
        .TakeWhile(t => t <= to.ToUnixTimeSeconds())
        .Select(t => t / 60)
        .Distinct();

    static IReadOnlyList<string> DueIn(List<Schedule> schedules, long minute)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds((minute * 60) - 1);
        return [.. schedules.Where(s => DueTimes.After(s, start).Take(1).Any(d => d.Due.ToUnixTimeSeconds() / 60 == minute)).Select(s => s.Id)];
    }
}
