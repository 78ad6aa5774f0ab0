namespace Maintenance.Schedules;

/// <summary>A spec, or why there is none and what to do about it.</summary>
public sealed record SpecResult(TemporalSpec? Spec, string? Problem, string? Fix);

/// <summary>
/// Turns a schedule into what a Temporal server can be trusted with.
/// <para>A Temporal calendar ANDs its day fields, skips local times that do not exist and runs twice those that come twice; the real
/// server's arithmetic around clock changes is wrong in places besides (it loses runs in the autumn night east of Greenwich). So a timing
/// goes to the server in its own zone only when no clock change comes near its times. A timing that is the same in UTC all year goes there
/// in UTC. Everything else is listed: its due times over at least 400 days, as UTC calendars, which no server can get wrong.</para>
/// <para>The list begins with the quarter of <c>now</c> and covers two years, so that it changes once a quarter and not with every
/// look.</para>
/// </summary>
public static class SpecCompiler
{
    /// <summary>More calendars than this make a spec that is slow to evaluate and hard to look at.</summary>
    public const int CalendarsMax = 400;

    /// <summary>More due times than this in the listed period are too many to enumerate.</summary>
    public const int ListedMax = 2_500_000;

    const int QuartersListed = 8;

    public static SpecResult Compile(Schedule schedule, DateTimeOffset now)
    {
        if (schedule.Exclude.Count == 0 && schedule.Only.Count == 0)
        {
            var from = now.ToUnixTimeSeconds();
            if (Local(schedule, from) is { } local)
                return new SpecResult(local, null, null);
            if (Utc(schedule, from) is { } utc)
                return new SpecResult(utc, null, null);
        }

        return Listed(schedule, now);
    }

    /// <summary>When the list of due times that is made now begins and ends.</summary>
    public static (DateTimeOffset From, DateTimeOffset To) Horizon(DateTimeOffset now)
    {
        var utc = now.UtcDateTime;
        var from = new DateTimeOffset(utc.Year, ((utc.Month - 1) / 3 * 3) + 1, 1, 0, 0, 0, TimeSpan.Zero);
        return (from, from.AddMonths(QuartersListed * 3));
    }

    static TemporalSpec? Local(Schedule schedule, long from)
    {
        var zones = schedule.Timings.OfType<FieldsTiming>().Select(t => t.Zone.Id).Distinct().ToList();
        if (zones.Count != 1 || !schedule.Timings.All(t => t is IntervalTiming || (t is FieldsTiming f && QuietTimes.InZone(f, from))))
            return null;
        var calendars = schedule.Timings.OfType<FieldsTiming>().SelectMany(t => Calendars(t.Fields)).ToList();
        return new TemporalSpec(SpecForm.Local, zones[0], calendars, Intervals(schedule), schedule.Jitter, null);
    }

    static TemporalSpec? Utc(Schedule schedule, long from)
    {
        var calendars = new List<SpecCalendar>();
        foreach (var timing in schedule.Timings)
        {
            if (timing is InstantTiming instant)
                calendars.Add(Once(instant.At));
            else if (timing is FieldsTiming fields && QuietTimes.InUtc(fields, from) is { } same)
                calendars.AddRange(Calendars(same));
            else if (timing is not IntervalTiming)
                return null;
        }

        return new TemporalSpec(SpecForm.Utc, "UTC", calendars, Intervals(schedule), schedule.Jitter, null);
    }

    static SpecResult Listed(Schedule schedule, DateTimeOffset now)
    {
        var (from, to) = Horizon(now);
        // Without excluded windows an interval is right for ever; only the rest needs a list.
        var filtered = schedule.Exclude.Count > 0 || schedule.Only.Count > 0;
        var listed = filtered ? schedule : schedule with { Timings = [.. schedule.Timings.Where(t => t is not IntervalTiming)] };
        var times = DueTimes.After(listed, from.AddSeconds(-1))
            .Select(d => d.Nominal.ToUnixTimeSeconds())
            .TakeWhile(t => t < to.ToUnixTimeSeconds())
            .Take(ListedMax + 1)
            .ToList();
        if (times.Count > ListedMax)
            return TooMany($"It is due more than {ListedMax} times in two years");

        var calendars = ListedCalendars.Of(times);
        if (calendars.Count > CalendarsMax)
            return TooMany($"It needs {calendars.Count} calendars on the server, more than {CalendarsMax}");
        var spec = new TemporalSpec(SpecForm.Listed, "UTC", calendars, filtered ? [] : Intervals(schedule), schedule.Jitter, to);
        return new SpecResult(spec, null, null);
    }

    static SpecResult TooMany(string what) => new(
        null,
        $"{what}, because its times come near a clock change or are cut by calendars.",
        "Use UTC as its time zone, choose times outside the night of the clock change, or fewer exclude and only windows.");

    static List<SpecInterval> Intervals(Schedule schedule) =>
        [
            .. schedule.Timings.OfType<IntervalTiming>()
                .Select(i => new SpecInterval(TimeSpan.FromSeconds(i.Every), TimeSpan.FromSeconds(i.Offset))),
        ];

    /// <summary>Two calendars where either day field is enough, because the fields of one are ANDed.</summary>
    static IEnumerable<SpecCalendar> Calendars(FieldSet fields)
    {
        if (!fields.EitherDay || fields.Days == FieldSet.AllDays || fields.Weekdays == FieldSet.AllWeekdays)
        {
            var all = fields.EitherDay;
            return [Calendar(fields, all ? FieldSet.AllDays : fields.Days, all ? FieldSet.AllWeekdays : fields.Weekdays)];
        }

        return [Calendar(fields, fields.Days, FieldSet.AllWeekdays), Calendar(fields, FieldSet.AllDays, fields.Weekdays)];
    }

    static SpecCalendar Calendar(FieldSet fields, Bits days, Bits weekdays) => new(
        SpecRange.Of(fields.Seconds), SpecRange.Of(fields.Minutes), SpecRange.Of(fields.Hours), SpecRange.Of(days),
        SpecRange.Of(fields.Months),
        [.. fields.Years.Select(y => new SpecRange(y.First, y.Last, y.Step))], SpecRange.Of(weekdays));

    static SpecCalendar Once(long instant)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(instant);
        static IReadOnlyList<SpecRange> One(int value) => [new SpecRange(value, value)];
        return new SpecCalendar(
            One(at.Second), One(at.Minute), One(at.Hour), One(at.Day), One(at.Month), One(at.Year),
            [new SpecRange(0, 6)]);
    }
}
