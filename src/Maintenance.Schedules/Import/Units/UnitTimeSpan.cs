using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>Time spans of systemd.time(7): <c>1d 2h</c>, <c>1.5h</c>, <c>90</c> (seconds), <c>infinity</c>.</summary>
public static class UnitTimeSpan
{
    public const decimal Infinity = decimal.MaxValue;

    const decimal Day = 86_400;

    // Longer names first where one begins with another, since a unit may be followed by the next number without a blank.
    static readonly (string Name, decimal Seconds)[] _units =
    [
        ("seconds", 1), ("second", 1), ("sec", 1), ("s", 1),
        ("minutes", 60), ("minute", 60), ("min", 60),
        ("months", Day * 30.4375m), ("month", Day * 30.4375m), ("M", Day * 30.4375m),
        ("msec", 0.001m), ("ms", 0.001m), ("m", 60),
        ("hours", 3600), ("hour", 3600), ("hr", 3600), ("h", 3600),
        ("days", Day), ("day", Day), ("d", Day),
        ("weeks", Day * 7), ("week", Day * 7), ("w", Day * 7),
        ("years", Day * 365.25m), ("year", Day * 365.25m), ("y", Day * 365.25m),
        ("usec", 0.000001m), ("us", 0.000001m), ("μs", 0.000001m), ("µs", 0.000001m),
    ];

    /// <summary>Seconds with up to six decimals; null for what systemd refuses.</summary>
    public static decimal? Parse(string text)
    {
        var rest = text.Trim();
        if (rest == "infinity")
            return Infinity;
        if (rest.Length == 0)
            return null;
        var sum = 0m;
        while (rest.Length > 0)
        {
            var digits = Digits(rest, 0);
            if (digits == 0 || digits > 15)
                return null;
            var number = decimal.Parse(rest[..digits], CultureInfo.InvariantCulture);
            if (digits < rest.Length && rest[digits] == '.')
            {
                var decimals = Digits(rest, digits + 1);
                if (decimals == 0)
                    return null;
                number = decimal.Parse(rest[..(digits + 1 + Math.Min(decimals, 12))], CultureInfo.InvariantCulture);
                digits += 1 + decimals;
            }

            var behind = rest[digits..];
            var unit = Array.Find(_units, u => behind.TrimStart().StartsWith(u.Name, StringComparison.Ordinal));
            // A number ends in a unit, a blank or the end; 12.34.56 is none.
            if (unit.Name is null && behind.Length > 0 && !char.IsWhiteSpace(behind[0]))
                return null;
            sum += number * (unit.Name is null ? 1 : unit.Seconds);
            rest = (unit.Name is null ? behind : behind.TrimStart()[unit.Name.Length..]).TrimStart();
        }

        return decimal.Truncate(sum * 1_000_000) / 1_000_000;
    }

    static int Digits(string text, int from)
    {
        var at = from;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at - from;
    }
}
