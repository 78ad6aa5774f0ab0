namespace Maintenance.Schedules;

public enum Frequency
{
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// <summary>A day of the week, perhaps the nth of its month or year; -1 is the last one, 0 all of them.</summary>
public readonly record struct NthDay(int Nth, int Weekday)
{
    public bool IsInMonth(DateOnly date)
    {
        if ((int)date.DayOfWeek != Weekday)
            return false;
        return Nth > 0 ? (date.Day - 1) / 7 == Nth - 1 : date.Day + 7 > DateTime.DaysInMonth(date.Year, date.Month);
    }

    /// <summary>The days from first to last that this means, where an nth counts within them.</summary>
    public IEnumerable<DateOnly> Of(DateOnly first, DateOnly last)
    {
        var start = first.AddDays((Weekday - (int)first.DayOfWeek + 7) % 7);
        var count = ((last.DayNumber - start.DayNumber) / 7) + 1;
        if (Nth == 0)
            return Enumerable.Range(0, count).Select(week => start.AddDays(week * 7));
        var index = Nth > 0 ? Nth - 1 : count + Nth;
        return index >= 0 && index < count ? [start.AddDays(index * 7)] : [];
    }
}

/// <summary>
/// A rule of iCalendar (RFC 5545 section 3.3.10), the part of it that <see cref="RecurrenceReader"/> takes. <see cref="Until"/> is a local
/// time in seconds, or an instant where <see cref="UntilIsUtc"/>.
/// </summary>
public sealed record Recurrence(Frequency Frequency)
{
    public int Interval { get; init; } = 1;
    public int? Count { get; init; }
    public long? Until { get; init; }
    public bool UntilIsUtc { get; init; }
    public Bits Months { get; init; } = FieldSet.AllMonths;
    public bool HasMonths { get; init; }

    /// <summary>1 to 31, or -1 to -31 from the end of the month.</summary>
    public IReadOnlyList<int> MonthDays { get; init; } = [];

    public IReadOnlyList<NthDay> Days { get; init; } = [];

    /// <summary>0 (Sunday) to 6: matters where every second week counts.</summary>
    public int WeekStart { get; init; } = 1;

    static readonly DateOnly _end = new(FieldSet.LastServerYear, 12, 31);

    /// <param name="time">Seconds of the day at which each begins; together with the zone it tells which is the last one.</param>
    public IEnumerable<DateOnly> Dates(DateOnly first, long time, Zone zone)
    {
        var given = 0;
        foreach (var period in Periods(first))
        {
            foreach (var date in period.Distinct().Order())
            {
                if (date < first)
                    continue;
                if (date > _end || given >= (Count ?? CalendarEvent.OccurrencesMax) || IsAfterUntil(date, time, zone))
                    yield break;
                given++;
                yield return date;
            }
        }
    }

    bool IsAfterUntil(DateOnly date, long time, Zone zone)
    {
        if (Until is not { } until)
            return false;
        var local = (FieldSet.DayNumber(date) * 86_400L) + time;
        return local > (UntilIsUtc ? until + zone.OffsetAt(until) : until);
    }

    /// <summary>The dates of each day, week, month or year that counts, in order of these.</summary>
    IEnumerable<IEnumerable<DateOnly>> Periods(DateOnly first)
    {
        var week = first.AddDays(-(((int)first.DayOfWeek - WeekStart + 7) % 7));
        for (var index = 0; ; index += Interval)
        {
            var month = new DateOnly(first.Year, first.Month, 1);
            var (begin, dates) = Frequency switch
            {
                Frequency.Daily => (first.AddDays(index), OfDay(first.AddDays(index))),
                Frequency.Weekly => (week.AddDays(index * 7), OfWeek(week.AddDays(index * 7), first)),
                Frequency.Monthly => (month.AddMonths(index), OfMonth(month.AddMonths(index), first)),
                _ => (new DateOnly(first.Year + index, 1, 1), OfYear(first.Year + index, first)),
            };
            if (begin > _end)
                yield break;
            yield return dates;
        }
    }

    IEnumerable<DateOnly> OfDay(DateOnly day) =>
        Months.Has(day.Month) && HasMonthDay(day) && (Days.Count == 0 || Days.Any(d => d.Weekday == (int)day.DayOfWeek)) ? [day] : [];

    IEnumerable<DateOnly> OfWeek(DateOnly week, DateOnly first) => Enumerable.Range(0, 7).Select(week.AddDays).Where(day =>
        Months.Has(day.Month) && (Days.Count == 0 ? day.DayOfWeek == first.DayOfWeek : Days.Any(d => d.Weekday == (int)day.DayOfWeek)));

    IEnumerable<DateOnly> OfMonth(DateOnly month, DateOnly first)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        if (!Months.Has(month.Month))
            return [];
        if (Days.Count > 0)
            return Days.SelectMany(d => d.Of(month, month.AddDays(days - 1))).Where(HasMonthDay);
        if (MonthDays.Count > 0)
            return Enumerable.Range(0, days).Select(month.AddDays).Where(HasMonthDay);
        return first.Day <= days ? [month.AddDays(first.Day - 1)] : [];
    }

    IEnumerable<DateOnly> OfYear(int year, DateOnly first)
    {
        if (HasMonths || MonthDays.Count > 0)
            return Enumerable.Range(1, 12).SelectMany(month => OfMonth(new DateOnly(year, month, 1), first));
        if (Days.Count > 0)
            return Days.SelectMany(d => d.Of(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31)));
        return first.Day <= DateTime.DaysInMonth(year, first.Month) ? [new DateOnly(year, first.Month, first.Day)] : [];
    }

    bool HasMonthDay(DateOnly date) => MonthDays.Count == 0
        || MonthDays.Contains(date.Day) || MonthDays.Contains(date.Day - DateTime.DaysInMonth(date.Year, date.Month) - 1);
}
