using System.Collections.Concurrent;

namespace Maintenance.Schedules;

/// <summary>Dates with these years, months, days and weekdays, all of which must match.</summary>
sealed record DatePattern(IReadOnlyList<SpecRange> Years, Bits Months, Bits Days, Bits Weekdays);

/// <summary>Writes a set of dates as few patterns that name exactly these.</summary>
static class DatePatterns
{
    /// <summary>What a month has: days of the month, and weekdays that cut them.</summary>
    readonly record struct Shape(Bits Days, Bits Weekdays);

    const int KeptMax = 1000;

    /// <summary>Kept, because thousands of schedules have the same few: all days in summer time, all working days in winter time.</summary>
    static readonly ConcurrentDictionary<string, IReadOnlyList<DatePattern>> _kept = new(StringComparer.Ordinal);

    /// <param name="days">Days since 1970.</param>
    public static IReadOnlyList<DatePattern> Of(IReadOnlyList<int> days)
    {
        var key = string.Create(days.Count * 2, days, (text, all) =>
        {
            for (var i = 0; i < all.Count; i++)
                (text[2 * i], text[(2 * i) + 1]) = ((char)(all[i] >> 16), (char)all[i]);
        });
        if (_kept.TryGetValue(key, out var known))
            return known;
        if (_kept.Count >= KeptMax)
            _kept.Clear();
        return _kept[key] = Find(days);
    }

    static List<DatePattern> Find(IReadOnlyList<int> days)
    {
        // Weekly things are short as weekdays, monthly ones as numbers; which is which shows in the result.
        var byWeekday = Patterns(days, byWeekday: true);
        var byNumber = Patterns(days, byWeekday: false);
        return byWeekday.Count <= byNumber.Count ? byWeekday : byNumber;
    }

    static List<DatePattern> Patterns(IReadOnlyList<int> days, bool byWeekday)
    {
        var months = days.Select(FieldSet.DateOf)
            .GroupBy(d => (d.Year, d.Month))
            .Select(m => (m.Key.Year, m.Key.Month, Shape: ShapeOf(m.Key.Year, m.Key.Month, [.. m], byWeekday)));
        var years = months.GroupBy(m => (m.Year, m.Shape))
            .Select(g => (g.Key.Year, g.Key.Shape, Months: Bits.Of([.. g.Select(m => m.Month)])));
        return
        [
            .. years.GroupBy(y => (y.Months, y.Shape)).Select(g =>
                new DatePattern(YearsOf([.. g.Select(y => y.Year).Order()]), g.Key.Months, g.Key.Shape.Days, g.Key.Shape.Weekdays)),
        ];
    }

    static Shape ShapeOf(int year, int month, IReadOnlyList<DateOnly> dates, bool byWeekday)
    {
        var numbers = Bits.Of([.. dates.Select(d => d.Day)]);
        var length = DateTime.DaysInMonth(year, month);
        if (numbers == Bits.Range(1, length))
            return new Shape(FieldSet.AllDays, FieldSet.AllWeekdays);
        if (!byWeekday)
            return new Shape(numbers, FieldSet.AllWeekdays);

        var weekdays = Bits.Of([.. dates.Select(d => (int)d.DayOfWeek)]);
        bool Expected(int day) => weekdays.Has((int)new DateOnly(year, month, day).DayOfWeek);
        var (first, last) = (dates[0].Day, dates[^1].Day);
        for (var day = first; day <= last; day++)
        {
            if (Expected(day) && !numbers.Has(day))
                return new Shape(numbers, FieldSet.AllWeekdays);
        }

        // As wide as it can be without naming another day, so that whole months look alike whatever day they begin with.
        while (first > 1 && !Expected(first - 1))
            first--;
        while (last < length && !Expected(last + 1))
            last++;
        return new Shape(Bits.Range(first, last == length ? 31 : last), weekdays);
    }

    static List<SpecRange> YearsOf(IReadOnlyList<int> years)
    {
        var ranges = new List<SpecRange>();
        foreach (var year in years)
        {
            if (ranges.Count > 0 && ranges[^1].End == year - 1)
                ranges[^1] = ranges[^1] with { End = year };
            else
                ranges.Add(new SpecRange(year, year));
        }

        return ranges;
    }
}
