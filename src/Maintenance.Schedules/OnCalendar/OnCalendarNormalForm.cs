using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>An expression as systemd writes it back: every part present, values in order, days of the week in runs.</summary>
static class OnCalendarNormalForm
{
    static readonly string[] _days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <param name="words">The expression without its zone, macros expanded.</param>
    public static string Of(IEnumerable<string> words, Zone? zone)
    {
        var (weekdays, date, time) = ("", "*-*-*", "00:00:00");
        foreach (var word in words)
        {
            if (char.IsAsciiLetter(word[0]))
                weekdays = Weekdays(OnCalendarWeekdays.Read(word, 1, []));
            else if (word.Contains(':', StringComparison.Ordinal))
                time = Time(word);
            else
                date = Date(word);
        }

        return $"{weekdays}{date} {time}{(zone is null ? "" : $" {zone.Id}")}";
    }

    public static string OfInstant(long instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Three and more in a row are a range; all of them are nothing.</summary>
    static string Weekdays(Bits days)
    {
        var runs = new List<string>();
        // Monday comes first in systemd's week, Sunday is 0 in ours.
        bool Has(int day) => day < 7 && days.Has((day + 1) % 7);
        for (var day = 0; day < 7; day++)
        {
            if (!Has(day))
                continue;
            var first = day;
            while (Has(day + 1))
                day++;
            runs.Add(first == day ? _days[day] : $"{_days[first]}{(day == first + 1 ? "," : "..")}{_days[day]}");
        }

        return days == FieldSet.AllWeekdays ? "" : $"{string.Join(',', runs)} ";
    }

    static string Date(string word)
    {
        var parts = word.Split('-', '~');
        var fromEnd = word.Contains('~', StringComparison.Ordinal);
        var day = Chain(parts[^1], fromEnd ? CalendarUnit.DayFromEnd : CalendarUnit.Day, 2);
        return $"{(parts.Length == 3 ? Chain(parts[0], CalendarUnit.Year, 4) : "*")}-{Chain(parts[^2], CalendarUnit.Month, 2)}{(fromEnd && day != "*" ? '~' : '-')}{day}";
    }

    static string Time(string word)
    {
        var parts = word.Split(':');
        return $"{Chain(parts[0], CalendarUnit.Hour, 2)}:{Chain(parts[1], CalendarUnit.Minute, 2)}:{(parts.Length == 3 ? Chain(parts[2], CalendarUnit.Second, 2) : "00")}";
    }

    static string Chain(string text, CalendarUnit unit, int digits)
    {
        if (CalendarPart.Read(text, 1, unit, []) is not { } parts)
            return "*";
        var ordered = parts.OrderBy(p => p.First).ThenBy(p => p.Last).ThenBy(p => p.Step).Distinct().ToList();
        if (unit.Scale > 1 && ordered is [{ First: 0, Last: < 0 } every] && every.Step == unit.Scale)
            return "*";
        return string.Join(',', ordered.Select(Part));

        string Part(CalendarPart part) =>
            Number(part.First, digits)
            + (part.Last > 0 ? $"..{Number(part.Last, digits)}" : "")
            + (part.Step > 0 && !(part.Last > 0 && part.Step == unit.Scale) ? $"/{Number(part.Step, 1)}" : "");

        string Number(long value, int width)
        {
            var whole = (value / unit.Scale).ToString($"D{width}", CultureInfo.InvariantCulture);
            return value % unit.Scale is > 0 and var fraction ? $"{whole}.{fraction.ToString("D6", CultureInfo.InvariantCulture)}" : whole;
        }
    }
}
