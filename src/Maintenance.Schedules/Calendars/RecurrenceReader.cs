using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>Reads the text of an iCalendar rule, such as <c>FREQ=MONTHLY;BYDAY=-1FR</c>. What it does not know it refuses by name.</summary>
static class RecurrenceReader
{
    static readonly string[] _weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

    /// <summary>Null with the reason.</summary>
    public static Recurrence? Read(string text, out string problem)
    {
        problem = "";
        Recurrence? rule = null;
        foreach (var part in text.ToUpperInvariant().Split(';', StringSplitOptions.RemoveEmptyEntries).OrderBy(p => p.StartsWith("FREQ=", StringComparison.Ordinal) ? 0 : 1))
        {
            var (name, value) = part.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (part[..at], part[(at + 1)..]) : (part, "");
            if (rule is null && name != "FREQ")
            {
                problem = "it has no FREQ";
                return null;
            }

            rule = Part(rule, name, value);
            if (rule is null)
            {
                problem = name is "FREQ" or "INTERVAL" or "COUNT" or "UNTIL" or "BYMONTH" or "BYMONTHDAY" or "BYDAY" or "WKST"
                    ? $"{part} is not understood"
                    : $"{name} is not supported";
                return null;
            }
        }

        problem = rule is null ? "it is empty" : Conflict(rule);
        return problem.Length == 0 ? rule : null;
    }

    static Recurrence? Part(Recurrence? rule, string name, string value) => (name, rule) switch
    {
        ("FREQ", _) => Enum.TryParse<Frequency>(value, ignoreCase: true, out var f) && value.All(char.IsAsciiLetter) ? new Recurrence(f) : null,
        ("INTERVAL", { } r) => Number(value, 1, 1000) is { } n ? r with { Interval = n } : null,
        ("COUNT", { } r) => Number(value, 1, CalendarEvent.OccurrencesMax) is { } n ? r with { Count = n } : null,
        ("UNTIL", { } r) => IcsTime.TryParse(value, out var time) ? r with { Until = time.EndOfDay, UntilIsUtc = time.IsUtc } : null,
        ("BYMONTH", { } r) => List(value, v => Number(v, 1, 12)) is { } m ? r with { Months = Bits.Of([.. m]), HasMonths = true } : null,
        ("BYMONTHDAY", { } r) => List(value, MonthDay) is { } d ? r with { MonthDays = d } : null,
        ("BYDAY", { } r) => List(value, Day) is { } d ? r with { Days = d } : null,
        ("WKST", { } r) => Array.IndexOf(_weekdays, value) is >= 0 and var w ? r with { WeekStart = w } : null,
        _ => null,
    };

    static string Conflict(Recurrence rule)
    {
        var nth = rule.Days.Any(d => d.Nth != 0);
        if (rule.Count is not null && rule.Until is not null)
            return "COUNT and UNTIL exclude each other";
        if (nth && rule.Frequency is Frequency.Daily or Frequency.Weekly)
            return "BYDAY with a number needs FREQ=MONTHLY or FREQ=YEARLY";
        if (rule.Frequency == Frequency.Weekly && rule.MonthDays.Count > 0)
            return "BYMONTHDAY does not go with FREQ=WEEKLY";
        return "";
    }

    static int? MonthDay(string text) => Number(text, -31, 31) is { } day && day != 0 ? day : null;

    static NthDay? Day(string text)
    {
        if (text.Length < 2 || Array.IndexOf(_weekdays, text[^2..]) is not (>= 0 and var weekday))
            return null;
        if (text.Length == 2)
            return new NthDay(0, weekday);
        return Number(text[..^2].TrimStart('+'), -53, 53) is { } nth && nth != 0 ? new NthDay(nth, weekday) : null;
    }

    static List<T>? List<T>(string text, Func<string, T?> read) where T : struct
    {
        var values = new List<T>();
        foreach (var item in text.Split(','))
        {
            if (read(item) is not { } value)
                return null;
            values.Add(value);
        }

        return values;
    }

    static int? Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : null;
}

/// <summary>A date or a date with time as iCalendar writes it (<c>20261224</c>, <c>20261224T220000</c>, with Z in UTC), in seconds since 1970.</summary>
readonly record struct IcsTime(long Seconds, bool IsDate, bool IsUtc)
{
    /// <summary>A date as an end includes its day.</summary>
    public long EndOfDay => IsDate ? Seconds + 86_399 : Seconds;

    public static bool TryParse(string text, out IcsTime time)
    {
        string[] forms = ["yyyyMMdd", "yyyyMMdd'T'HHmmss", "yyyyMMdd'T'HHmmss'Z'"];
        time = default;
        if (!DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) || at.Year is < 1970 or > FieldSet.LastServerYear)
            return false;
        time = new IcsTime((long)(at - DateTime.UnixEpoch).TotalSeconds, text.Length == 8, text.EndsWith('Z'));
        return true;
    }
}
