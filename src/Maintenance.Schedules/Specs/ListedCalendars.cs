namespace Maintenance.Schedules;

/// <summary>
/// Writes a list of instants as few UTC calendars that name exactly these. Days with the same times of day belong together; their times
/// are rectangles of hours and minutes, their dates are patterns of years, months and days (<see cref="DatePatterns"/>).
/// </summary>
static class ListedCalendars
{
    const int Day = 86_400;

    public static List<SpecCalendar> Of(IReadOnlyList<long> instants)
    {
        var calendars = new List<SpecCalendar>();
        foreach (var (times, days) in DaysByTimes(instants))
        {
            var patterns = DatePatterns.Of(days);
            foreach (var (hours, minutes, second) in Rectangles(times))
            {
                calendars.AddRange(patterns.Select(p => new SpecCalendar(
                    [new SpecRange(second, second)], SpecRange.Of(minutes), SpecRange.Of(hours),
                    SpecRange.Of(p.Days), SpecRange.Of(p.Months), p.Years, SpecRange.Of(p.Weekdays))));
            }
        }

        return calendars;
    }

    static List<(IReadOnlyList<int> Times, List<int> Days)> DaysByTimes(IReadOnlyList<long> instants)
    {
        var groups = new Dictionary<string, (IReadOnlyList<int> Times, List<int> Days)>(StringComparer.Ordinal);
        for (var at = 0; at < instants.Count;)
        {
            var day = (int)(instants[at] / Day);
            var times = new List<int>();
            for (; at < instants.Count && instants[at] / Day == day; at++)
                times.Add((int)(instants[at] % Day));
            // Two characters per second of the day: a key that compares fast.
            var key = string.Create(times.Count * 2, times, (text, all) =>
            {
                for (var i = 0; i < all.Count; i++)
                    (text[2 * i], text[(2 * i) + 1]) = ((char)(all[i] >> 9), (char)(all[i] & 511));
            });
            if (!groups.TryGetValue(key, out var group))
                groups[key] = group = (times, []);
            group.Days.Add(day);
        }

        return [.. groups.Values];
    }

    /// <summary>Hours that share their minutes, for each second.</summary>
    static IEnumerable<(Bits Hours, Bits Minutes, int Second)> Rectangles(IReadOnlyList<int> times) =>
        from bySecond in times.GroupBy(t => t % 60)
        from byMinutes in bySecond
            .GroupBy(t => t / 3600)
            .Select(hour => (Hour: hour.Key, Minutes: Bits.Of([.. hour.Select(t => t / 60 % 60)])))
            .GroupBy(h => h.Minutes)
        select (Bits.Of([.. byMinutes.Select(h => h.Hour)]), byMinutes.Key, bySecond.Key);
}
