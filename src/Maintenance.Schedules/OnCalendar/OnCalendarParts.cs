using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>One value, range or repetition of a date or time part; <see cref="Last"/> is -1 when the repetition has no end of its own.</summary>
readonly record struct CalendarPart(int First, int Last, int Step)
{
    /// <summary>
    /// Reads a list of <c>N</c>, <c>N..M</c>, each perhaps with <c>/step</c>; null for <c>*</c>, which takes neither. Systemd refuses a
    /// step that leaves the range at once, so <c>23/5</c> is an error and no "only at 23".
    /// </summary>
    public static List<CalendarPart>? Read(string text, int column, string what, int min, int max, List<TimingError> errors)
    {
        if (text == "*")
            return null;
        var parts = new List<CalendarPart>();
        foreach (var item in text.Split(','))
        {
            if (TryItem(item, min, max, out var part))
                parts.Add(part);
            else
                errors.Add(new TimingError(column, $"'{item}' is no {what}.", Advice(item, min, max)));
        }

        return parts;
    }

    public Bits ToBits(int max) => Bits.Range(First, Last < 0 ? max : Last, Step);

    static bool TryItem(string item, int min, int max, out CalendarPart part)
    {
        part = default;
        var slash = item.IndexOf('/', StringComparison.Ordinal);
        var span = slash < 0 ? item : item[..slash];
        var dots = span.IndexOf("..", StringComparison.Ordinal);
        if (!TryNumber(dots < 0 ? span : span[..dots], out var first))
            return false;
        var (last, step) = (slash < 0 ? first : -1, 1);
        if (dots >= 0 && (!TryNumber(span[(dots + 2)..], out last) || last < first || last > max))
            return false;
        if (slash >= 0 && (!TryNumber(item[(slash + 1)..], out step) || step < 1 || step > max - first))
            return false;
        part = new CalendarPart(first, last, step);
        return first >= min && first <= max;
    }

    static bool TryNumber(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    static string Advice(string item, int min, int max) => item.StartsWith('*')
        ? $"Systemd takes no step after a star; write {min}/2 for every second one."
        : $"Use {min} to {max}, A..B for a range, A/N for every N from A on while that stays in range.";
}

/// <summary><c>Mon,Wed..Fri</c>; the week begins on Monday, and ranges do not go around its end.</summary>
static class OnCalendarWeekdays
{
    static readonly string[] _names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static Bits Read(string text, int column, List<TimingError> errors)
    {
        var days = default(Bits);
        foreach (var item in text.Split(','))
        {
            var ends = item.Contains("..", StringComparison.Ordinal) ? item.Split("..") : item.Split('-');
            var (first, last) = (Number(ends[0]), Number(ends[^1]));
            if (ends.Length > 2 || first < 0 || last < 0)
                errors.Add(new TimingError(column, $"'{item}' is no day of the week.", "Write Mon, or Mon..Fri, separated by commas."));
            else if (last < first)
                errors.Add(new TimingError(column, $"'{item}' runs backwards; systemd refuses it.", "The week begins on Monday: write the part before and after its end apart, such as Sat,Sun,Mon..Thu."));
            else
                days = days.Or(Bits.Range(first, last));
        }

        // Monday is 0 so far, Sunday 6.
        return new Bits((days.Word << 1 & FieldSet.AllWeekdays.Word) | (days.Has(6) ? 1UL : 0));
    }

    static int Number(string name) => Array.FindIndex(_names, n =>
        string.Equals(n, name, StringComparison.OrdinalIgnoreCase) || string.Equals(n[..3], name, StringComparison.OrdinalIgnoreCase));
}

/// <summary><c>year-month-day</c> or <c>month-day</c>; with <c>~</c> before the day it counts from the end of the month.</summary>
sealed class OnCalendarDate(string text, int column, List<TimingError> errors)
{
    // Counted from the end there is no day that every month has beyond this one.
    const int LastFromEnd = 28;

    public FieldSet Read(FieldSet fields)
    {
        var fromEnd = text.Contains('~', StringComparison.Ordinal);
        var parts = text.Split('-', '~');
        if (parts.Length is < 2 or > 3 || (fromEnd && text.LastIndexOf('~') != text.LastIndexOf(parts[^1], StringComparison.Ordinal) - 1) || parts.Any(p => p.Length == 0))
        {
            errors.Add(new TimingError(column, $"'{text}' is no date.", "Write year-month-day such as *-*-01, or month-day; *-*~1 is the last day of the month."));
            return fields;
        }

        var years = parts.Length == 3 ? CalendarPart.Read(parts[0], column, "year", 1970, FieldSet.LastYear, errors) : null;
        var months = CalendarPart.Read(parts[^2], column, "month", 1, 12, errors);
        var days = CalendarPart.Read(parts[^1], column, "day of the month", 1, fromEnd ? LastFromEnd : 31, errors);
        return fields with
        {
            Years = [.. (years ?? []).Select(y => new YearRange(y.First, y.Last < 0 ? FieldSet.LastYear : y.Last, y.Step))],
            Months = Union(months, 12) ?? FieldSet.AllMonths,
            Days = fromEnd && days is not null ? default : Union(days, 31) ?? FieldSet.AllDays,
            DaysFromEnd = fromEnd && days is not null ? FromEnd(days) : default,
        };
    }

    internal static Bits? Union(List<CalendarPart>? parts, int max) =>
        parts?.Aggregate(default(Bits), (bits, part) => bits.Or(part.ToBits(max)));

    /// <summary><c>~7/1</c> begins seven days before the end and goes on towards it, so that it is the last week.</summary>
    static Bits FromEnd(List<CalendarPart> days)
    {
        var bits = default(Bits);
        foreach (var day in days)
        {
            var (earliest, latest) = day.Last < 0 ? (day.First, 1) : (day.Last, day.First);
            for (var value = earliest; value >= latest; value -= day.Step)
                bits = bits.Or(Bits.Of(value));
        }

        return bits;
    }
}

/// <summary><c>hour:minute</c> or <c>hour:minute:second</c>.</summary>
sealed class OnCalendarTime(string text, int column, List<TimingError> errors)
{
    public FieldSet Read(FieldSet fields)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3)
        {
            errors.Add(new TimingError(column, $"'{text}' is no time of day.", "Write hour:minute or hour:minute:second, such as 03:30 or *:0/15."));
            return fields;
        }

        if (parts.Length == 3 && parts[2].Contains('.', StringComparison.Ordinal) && !parts[2].Contains("..", StringComparison.Ordinal))
        {
            errors.Add(new TimingError(column, $"'{text}' has a fraction of a second; systemd takes it, schedules here know whole seconds.", "Round it, or use \"every\" for short intervals."));
            return fields;
        }

        var hours = CalendarPart.Read(parts[0], column, "hour", 0, 23, errors);
        var minutes = CalendarPart.Read(parts[1], column, "minute", 0, 59, errors);
        var seconds = parts.Length == 3 ? CalendarPart.Read(parts[2], column, "second", 0, 59, errors) : [new CalendarPart(0, 0, 1)];
        return fields with
        {
            Hours = OnCalendarDate.Union(hours, 23) ?? FieldSet.AllHours,
            Minutes = OnCalendarDate.Union(minutes, 59) ?? FieldSet.AllMinutes,
            Seconds = OnCalendarDate.Union(seconds, 59) ?? FieldSet.AllMinutes,
            Wildcard = hours is null || minutes is null,
        };
    }
}
