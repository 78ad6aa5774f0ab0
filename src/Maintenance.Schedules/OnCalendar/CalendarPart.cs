namespace Maintenance.Schedules;

/// <summary>What a part of a date or time may be. Seconds are counted in millionths, because systemd takes fractions of them.</summary>
sealed record CalendarUnit(string Name, int Min, int Max, int Scale = 1, bool FromEnd = false)
{
    public static CalendarUnit Year { get; } = new("year", 1970, FieldSet.LastYear);
    public static CalendarUnit Month { get; } = new("month", 1, 12);
    public static CalendarUnit Day { get; } = new("day of the month", 1, 31);

    // Counted from the end there is no day that every month has beyond this one.
    public static CalendarUnit DayFromEnd { get; } = new("day of the month from its end", 1, 28, FromEnd: true);
    public static CalendarUnit Hour { get; } = new("hour", 0, 23);
    public static CalendarUnit Minute { get; } = new("minute", 0, 59);
    public static CalendarUnit Second { get; } = new("second", 0, 59, Scale: 1_000_000);

    public long First => (long)Min * Scale;

    public long Last => ((long)Max * Scale) + Scale - 1;
}

/// <summary>One value, range or repetition; <see cref="Last"/> is -1 when a repetition has no end of its own, <see cref="Step"/> 0 for one value.</summary>
readonly record struct CalendarPart(long First, long Last, long Step)
{
    /// <summary>Reads a list of <c>N</c>, <c>N..M</c>, each perhaps with <c>/step</c>; null for <c>*</c>, which takes neither.</summary>
    public static List<CalendarPart>? Read(string text, int column, CalendarUnit unit, List<TimingError> errors)
    {
        if (text == "*")
            return null;
        var parts = new List<(CalendarPart Part, int Column)>();
        var at = column;
        foreach (var item in text.Split(','))
        {
            if (TryItem(item, unit, out var part) && part.IsWithin(unit))
                parts.Add((part, at));
            else
                errors.Add(new TimingError(at, $"'{item}' is no {unit.Name}.", Advice(item, unit)));
            at += item.Length + 1;
        }

        if (unit.FromEnd)
            CheckReach(parts, errors);
        return [.. parts.Select(p => p.Part)];
    }

    /// <summary>In a list of days from the end, systemd takes three days less for each further one, in the order of the days.</summary>
    static void CheckReach(List<(CalendarPart Part, int Column)> parts, List<TimingError> errors)
    {
        var last = CalendarUnit.DayFromEnd.Max;
        foreach (var (part, column) in parts.OrderBy(p => p.Part.First).ThenBy(p => p.Part.Last).ThenBy(p => p.Part.Step).DistinctBy(p => p.Part))
        {
            if (Math.Max(part.First, part.Last) > last)
                errors.Add(new TimingError(
                    column,
                    $"In this place of a list systemd takes days up to {last} from the end of the month.",
                    "Write an expression for each of the days; \"onCalendar\" takes a list of them."));
            last -= 3;
        }
    }

    /// <summary>The values in order, in the unit's own count.</summary>
    public IEnumerable<long> Values(CalendarUnit unit)
    {
        var last = Last >= 0 ? Last : Step == 0 ? First : unit.Last;
        // Parts of a second are cut, so a step below one names every second.
        var step = Math.Max(Step, unit.Scale);
        for (var value = First; value <= last; value += step)
            yield return value / unit.Scale;
    }

    static bool TryItem(string item, CalendarUnit unit, out CalendarPart part)
    {
        part = default;
        var slash = item.IndexOf('/', StringComparison.Ordinal);
        var span = slash < 0 ? item : item[..slash];
        var dots = span.IndexOf("..", StringComparison.Ordinal);
        if (!CalendarNumber.TryParse(dots < 0 ? span : span[..dots], unit.Scale, out var first))
            return false;
        var (last, step) = (-1L, 0L);
        if (dots >= 0)
        {
            if (!CalendarNumber.TryParse(span[(dots + 2)..], unit.Scale, out last))
                return false;
            step = unit.Scale;
            // Systemd refuses a range of seconds that is only one, and takes it with a step, as it does for hours.
            if (unit.Scale > 1 && slash < 0 && last < first + step)
                return false;
        }

        if (slash >= 0 && (!CalendarNumber.TryParse(item[(slash + 1)..], unit.Scale, out step) || step == 0))
            return false;
        if (unit == CalendarUnit.Year)
            (first, last) = (FullYear(first), FullYear(last));
        part = new CalendarPart(first, last, step).Shortened();
        return true;
    }

    /// <summary>27 is 2027, 89 is 1989.</summary>
    static long FullYear(long year) => year switch
    {
        >= 0 and < 70 => year + 2000,
        >= 70 and < 100 => year + 1900,
        _ => year,
    };

    /// <summary>Ends a range at the last value that a step reaches, which for days from the end of the month decides where it begins.</summary>
    CalendarPart Shortened()
    {
        if (Last < First || Step == 0)
            return this;
        var last = Last - ((Last - First) % Step);
        return last == First ? new CalendarPart(First, -1, 0) : this with { Last = last };
    }

    /// <summary>Systemd refuses a step that leaves the range at once, so <c>23/5</c> is an error and no "only at 23".</summary>
    bool IsWithin(CalendarUnit unit)
    {
        if (First < unit.First || First > unit.Last)
            return false;
        if (Last >= 0)
            return Last <= unit.Last && First + Step <= Last;
        return unit.FromEnd ? First - Step >= unit.First : First + Step <= unit.Last;
    }

    static string Advice(string item, CalendarUnit unit)
    {
        if (item.StartsWith('*'))
            return item.Length > 1 && item[1] == '/'
                ? $"Systemd takes no step after a star; write {unit.Min}{item[1..]} for {unit.Min} and every so many after it."
                : "A star stands alone.";
        return $"Use {unit.Min} to {unit.Max}, A..B for a range that does not run backwards, "
            + $"A/N for every N {(unit.FromEnd ? "from A towards the end of the month" : "from A on")} while that stays in range.";
    }
}

/// <summary>A number of an expression: digits, for seconds perhaps with a fraction.</summary>
static class CalendarNumber
{
    // Beyond this every unit is out of range; systemd's own limit is higher.
    const int DigitsMax = 9;

    public static bool TryParse(string text, int scale, out long value)
    {
        value = 0;
        var point = scale > 1 ? text.IndexOf('.', StringComparison.Ordinal) : -1;
        var whole = point < 0 ? text : text[..point];
        if (whole.Length is 0 or > DigitsMax || !whole.All(char.IsAsciiDigit))
            return false;
        foreach (var digit in whole)
            value = (value * 10) + digit - '0';
        value *= scale;
        return point < 0 || TryFraction(text[(point + 1)..], ref value);
    }

    /// <summary>Millionths; the seventh digit rounds, more are ignored.</summary>
    static bool TryFraction(string digits, ref long value)
    {
        if (digits.Length == 0 || !digits.All(char.IsAsciiDigit))
            return false;
        var millionths = 0;
        for (var i = 0; i < 6; i++)
            millionths = (millionths * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        value += millionths + (digits.Length > 6 && digits[6] >= '5' ? 1 : 0);
        return true;
    }
}
