namespace Maintenance.Schedules;

/// <summary>
/// Some time: on these dates AND in these months AND on these days of the month AND on these days of the week AND within these windows,
/// where what is absent means all.
/// </summary>
public sealed record CalendarRule(IReadOnlyList<DateSpan> Dates, Bits Weekdays, IReadOnlyList<TimeWindow> Windows)
{
    /// <summary>In addition to <see cref="Weekdays"/>: the second Tuesday, the last Friday of a month.</summary>
    public IReadOnlyList<NthDay> NthDays { get; init; } = [];

    public Bits Months { get; init; } = FieldSet.AllMonths;

    /// <summary>1 to 31, and in addition counted from the end of the month, where 1 is the last.</summary>
    public Bits MonthDays { get; init; } = FieldSet.AllDays;
    public Bits MonthDaysFromEnd { get; init; }

    /// <summary>A window that crosses midnight belongs to the day on which it begins.</summary>
    public bool Covers(DateOnly date, int minuteOfDay)
    {
        if (Windows.Count == 0)
            return HasDay(date);
        foreach (var window in Windows)
        {
            if (!window.CrossesMidnight)
            {
                if (minuteOfDay >= window.FirstMinute && minuteOfDay < window.EndMinute && HasDay(date))
                    return true;
            }
            else if ((minuteOfDay >= window.FirstMinute && HasDay(date)) || (minuteOfDay < window.EndMinute && HasDay(date.AddDays(-1))))
            {
                return true;
            }
        }

        return false;
    }

    bool HasDay(DateOnly date) => Months.Has(date.Month) && HasMonthDay(date) && HasWeekday(date) && HasDate(date);

    bool HasMonthDay(DateOnly date) =>
        MonthDays.Has(date.Day)
            || (!MonthDaysFromEnd.IsEmpty && MonthDaysFromEnd.Has(DateTime.DaysInMonth(date.Year, date.Month) - date.Day + 1));

    bool HasWeekday(DateOnly date)
    {
        if (Weekdays.Has((int)date.DayOfWeek))
            return true;
        foreach (var day in NthDays)
        {
            if (day.IsInMonth(date))
                return true;
        }

        return false;
    }

    bool HasDate(DateOnly date)
    {
        if (Dates.Count == 0)
            return true;
        foreach (var span in Dates)
        {
            if (span.Has(date))
                return true;
        }

        return false;
    }
}

/// <summary>
/// A set of times that schedules share to stay away from, or to keep to: what any of its rules or events covers. Times are those of the
/// schedule's zone unless the calendar, or an event, has its own.
/// </summary>
public sealed record DayCalendar(string Name, IReadOnlyList<CalendarRule> Rules, Zone? Zone, string Json)
{
    // Made at the first look: most readers of a file never ask.
    IReadOnlyList<(Zone? Zone, EventTimes Times)>? _times;

    public IReadOnlyList<CalendarEvent> Events { get; init; } = [];

    public bool Covers(long instant, Zone scheduleZone)
    {
        var zone = Zone ?? scheduleZone;
        return CoversByRule(instant + zone.OffsetAt(instant)) || CoversByEvent(instant, zone);
    }

    bool CoversByRule(long local)
    {
        if (Rules.Count == 0)
            return false;
        var day = (int)Math.DivRem(local, 86_400, out var second);
        var date = FieldSet.DateOf(second < 0 ? day - 1 : day);
        var minute = (int)((second + 86_400) % 86_400 / 60);
        foreach (var rule in Rules)
        {
            if (rule.Covers(date, minute))
                return true;
        }

        return false;
    }

    bool CoversByEvent(long instant, Zone zone)
    {
        if (Events.Count == 0)
            return false;
        _times ??= [.. Events.GroupBy(e => e.Zone).Select(group => (group.Key, new EventTimes(group)))];
        foreach (var (own, times) in _times)
        {
            if (times.Covers(instant + (own ?? zone).OffsetAt(instant)))
                return true;
        }

        return false;
    }
}
