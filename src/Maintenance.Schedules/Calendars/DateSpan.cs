using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// Days from one date to another, both included: <c>2026-12-24</c>, <c>2026-12-24..2027-01-02</c>, or without year for every year,
/// <c>12-24..01-02</c>.
/// </summary>
public sealed record DateSpan(string Text, DateOnly First, DateOnly Last, bool EveryYear)
{
    // A leap year, so that 02-29 can be written without a year.
    const int AnyYear = 2000;

    public static bool TryParse(string text, out DateSpan? span)
    {
        span = null;
        var parts = text.Split("..");
        if (parts.Length > 2 || !TryDate(parts[0], out var first, out var everyYear))
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
        if (!EveryYear)
            return date >= First && date <= Last;
        var same = new DateOnly(AnyYear, date.Month, date.Day);
        return First <= Last ? same >= First && same <= Last : same >= First || same <= Last;
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
