namespace Maintenance.Schedules;

/// <summary><c>year-month-day</c> or <c>month-day</c>; with <c>~</c> before the day it counts from the end of the month.</summary>
sealed class OnCalendarDate(string text, int column, List<TimingError> errors)
{
    public FieldSet Read(FieldSet fields)
    {
        var parts = text.Split('-', '~');
        var tilde = text.IndexOf('~', StringComparison.Ordinal);
        var dayAt = text.Length - parts[^1].Length;
        if (parts.Length is < 2 or > 3 || (tilde >= 0 && tilde != dayAt - 1) || parts.Any(p => p.Length == 0))
        {
            errors.Add(new TimingError(
                column,
                $"'{text}' is no date.",
                "Write year-month-day such as *-*-01, or month-day; *-*~1 is the last day of the month."));
            return fields;
        }

        var unit = tilde < 0 ? CalendarUnit.Day : CalendarUnit.DayFromEnd;
        var monthAt = dayAt - parts[^2].Length - 1;
        var years = parts.Length == 3 ? CalendarPart.Read(parts[0], column, CalendarUnit.Year, errors) : null;
        var months = CalendarPart.Read(parts[^2], column + monthAt, CalendarUnit.Month, errors);
        var days = CalendarPart.Read(parts[^1], column + dayAt, unit, errors);
        if (errors.Count > 0)
            return fields;
        return fields with
        {
            Years = [.. (years ?? []).Select(Years)],
            Months = Union(months, CalendarUnit.Month) ?? FieldSet.AllMonths,
            Days = tilde >= 0 && days is not null ? default : Union(days, unit) ?? FieldSet.AllDays,
            DaysFromEnd = tilde >= 0 && days is not null ? FromEnd(days) : default,
        };
    }

    internal static Bits? Union(List<CalendarPart>? parts, CalendarUnit unit) =>
        parts is null ? null : Bits.Of([.. parts.SelectMany(p => p.Values(unit)).Select(v => (int)v)]);

    static YearRange Years(CalendarPart part)
    {
        var last = part.Last >= 0 ? part.Last : part.Step == 0 ? part.First : CalendarUnit.Year.Max;
        return new YearRange((int)part.First, (int)last, (int)Math.Max(1, part.Step));
    }

    /// <summary><c>~7/1</c> begins seven days before the end and goes on towards it, so that it is the last week.</summary>
    static Bits FromEnd(List<CalendarPart> days)
    {
        var bits = default(Bits);
        foreach (var day in days)
        {
            var (earliest, latest) = day.Last >= 0 ? (day.Last, day.First) : (day.First, day.Step == 0 ? day.First : 1);
            for (var value = earliest; value >= latest; value -= Math.Max(1, day.Step))
                bits = bits.Or(Bits.Of((int)value));
        }

        return bits;
    }
}

/// <summary>
/// <c>hour:minute</c> or <c>hour:minute:second</c>. A time with a fraction of a second is due in the second that it falls into.
/// </summary>
sealed class OnCalendarTime(string text, int column, List<TimingError> errors)
{
    public FieldSet Read(FieldSet fields)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3)
        {
            errors.Add(new TimingError(
                column,
                $"'{text}' is no time of day.",
                "Write hour:minute or hour:minute:second, such as 03:30 or *:0/15."));
            return fields;
        }

        var minuteAt = column + parts[0].Length + 1;
        var hours = CalendarPart.Read(parts[0], column, CalendarUnit.Hour, errors);
        var minutes = CalendarPart.Read(parts[1], minuteAt, CalendarUnit.Minute, errors);
        var seconds = parts.Length == 3
            ? CalendarPart.Read(parts[2], minuteAt + parts[1].Length + 1, CalendarUnit.Second, errors)
            : [new CalendarPart(0, -1, 0)];
        return fields with
        {
            Hours = OnCalendarDate.Union(hours, CalendarUnit.Hour) ?? FieldSet.AllHours,
            Minutes = OnCalendarDate.Union(minutes, CalendarUnit.Minute) ?? FieldSet.AllMinutes,
            Seconds = OnCalendarDate.Union(seconds, CalendarUnit.Second) ?? FieldSet.AllMinutes,
            Wildcard = hours is null || minutes is null,
        };
    }
}
