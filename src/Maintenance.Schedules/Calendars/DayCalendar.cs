namespace Maintenance.Schedules;

/// <summary>Some time: on these dates AND these days of the week AND within these windows, where what is absent means all.</summary>
public sealed record CalendarRule(IReadOnlyList<DateSpan> Dates, Bits Weekdays, IReadOnlyList<TimeWindow> Windows)
{
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

    bool HasDay(DateOnly date)
    {
        if (!Weekdays.Has((int)date.DayOfWeek))
            return false;
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

/// <summary>A set of times that schedules share to stay away from, or to keep to. Times are those of the schedule's zone unless it has its own.</summary>
public sealed record DayCalendar(string Name, IReadOnlyList<CalendarRule> Rules, Zone? Zone, string Json)
{
    public bool Covers(long instant, Zone scheduleZone)
    {
        var local = instant + (Zone ?? scheduleZone).OffsetAt(instant);
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
}
