using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// Days from one date to another, both included: <c>2026-12-24</c>, <c>2026-12-24..2027-01-02</c>, or without year for every year,
/// <c>12-24..01-02</c>, also counted from Easter Sunday, <c>easter-2..easter+1</c>.
/// </summary>
public sealed record DateSpan(string Text, DateOnly First, DateOnly Last, bool EveryYear)
{
    // A leap year, so that 02-29 can be written without a year.
    const int AnyYear = 2000;
    const string EasterWord = "easter";
    const int FromEasterMax = 120;

    /// <summary>Days before (negative) or after Easter Sunday instead of dates; null for dates.</summary>
    public (int First, int Last)? FromEaster { get; private init; }

    public static bool TryParse(string text, out DateSpan? span)
    {
        span = null;
        var parts = text.Split("..");
        if (parts.Length > 2)
            return false;
        if (text.StartsWith(EasterWord, StringComparison.Ordinal))
            return TryEaster(text, parts, out span);
        if (!TryDate(parts[0], out var first, out var everyYear))
            return false;
        var last = first;
        if (parts.Length == 2 && (!TryDate(parts[1], out last, out var lastEveryYear) || lastEveryYear != everyYear))
            return false;
        if (!everyYear && last < first)
            return false;
        span = new DateSpan(text, first, last, everyYear);
        return true;
    }

    public bool Has(DateOnly date)
    {
        if (FromEaster is { } span)
            return date.DayNumber - Easter(date.Year).DayNumber is var days && days >= span.First && days <= span.Last;
        if (!EveryYear)
            return date >= First && date <= Last;
        var same = new DateOnly(AnyYear, date.Month, date.Day);
        return First <= Last ? same >= First && same <= Last : same >= First || same <= Last;
    }

    /// <summary>
    /// Easter Sunday of the western churches: the Sunday after the first full moon of spring, as the Gregorian tables have it.
    /// </summary>
    public static DateOnly Easter(int year)
    {
        var century = year / 100;
        var moon = ((19 * (year % 19)) + century - (century / 4) - ((century - ((century + 8) / 25) + 1) / 3) + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (year % 100 / 4)) - moon - (year % 100 % 4)) % 7;
        var late = ((year % 19) + (11 * moon) + (22 * weekday)) / 451;
        var day = moon + weekday - (7 * late) + 114;
        return new DateOnly(year, day / 31, (day % 31) + 1);
    }

    static bool TryEaster(string text, string[] parts, out DateSpan? span)
    {
        span = null;
        if (!TryOffset(parts[0], out var first) || !TryOffset(parts[^1], out var last) || last < first)
            return false;
        span = new DateSpan(text, default, default, EveryYear: true) { FromEaster = (first, last) };
        return true;
    }

    /// <summary>Not further than that Easter and the day lie in one year.</summary>
    static bool TryOffset(string text, out int days)
    {
        days = 0;
        if (!text.StartsWith(EasterWord, StringComparison.Ordinal))
            return false;
        var offset = text[EasterWord.Length..];
        return offset.Length == 0
            || (offset[0] is '+' or '-' && int.TryParse(offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out days)
                && days is >= -80 and <= FromEasterMax);
    }

    static bool TryDate(string text, out DateOnly date, out bool everyYear)
    {
        everyYear = text.Length == 5;
        return DateOnly.TryParseExact(
            everyYear ? $"{AnyYear}-{text}" : text,
            "yyyy-MM-dd",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }
}
