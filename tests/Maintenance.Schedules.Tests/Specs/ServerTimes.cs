namespace Maintenance.Schedules.Tests.Specs;

/// <summary>
/// What a Temporal server makes of a spec, computed the plain way: every minute of a window is tried against the fields. It
/// skips what does not exist and runs twice what comes twice, as the real server is recorded to do where its arithmetic is right.
/// </summary>
static class ServerTimes
{
    public static List<long> Between(TemporalSpec spec, long from, long to)
    {
        var zone = Maintenance.Schedules.Zones.Get(spec.TimeZone);
        var calendars = spec.Calendars.Select(Fields.Of).ToArray();
        var seconds = calendars.SelectMany(c => c.Second.Values()).Distinct().Order().ToArray();
        var times = new SortedSet<long>();
        for (var minute = from / 60 * 60; minute < to; minute += 60)
        {
            var local = minute + zone.OffsetAt(minute);
            var at = DateTime.UnixEpoch.AddSeconds(local);
            foreach (var calendar in calendars)
            {
                if (!calendar.Matches(at))
                    continue;
                foreach (var second in seconds)
                {
                    if (calendar.Second.Has(second))
                        times.Add(minute + second);
                }
            }
        }

        foreach (var interval in spec.Intervals)
        {
            var (every, offset) = ((long)interval.Every.TotalSeconds, (long)interval.Offset.TotalSeconds);
            for (var at = ((from - offset + every - 1) / every * every) + offset; at < to; at += every)
                times.Add(at);
        }

        return [.. times];
    }

    sealed record Fields(Bits Second, Bits Minute, Bits Hour, Bits Day, Bits Month, Bits Weekday, IReadOnlyList<SpecRange> Years)
    {
        public static Fields Of(SpecCalendar c) =>
            new(Values(c.Second), Values(c.Minute), Values(c.Hour), Values(c.DayOfMonth), Values(c.Month), Values(c.DayOfWeek), c.Year);

        public bool Matches(DateTime at) =>
            Minute.Has(at.Minute) && Hour.Has(at.Hour) && Day.Has(at.Day) && Month.Has(at.Month) && Weekday.Has((int)at.DayOfWeek)
            && (Years.Count == 0 || Years.Any(y => at.Year >= y.Start && at.Year <= y.End && (at.Year - y.Start) % y.Step == 0));

        static Bits Values(IReadOnlyList<SpecRange> ranges) =>
            ranges.Aggregate(default(Bits), (bits, range) => bits.Or(Bits.Range(range.Start, range.End, range.Step)));
    }
}
