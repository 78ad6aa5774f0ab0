using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// Lengths of time as people write them: 90s, 5m, 26h, 1d12h, 250ms. Units go from large to small, each at most once; a number
/// without unit is refused because nobody agrees on what it means.
/// </summary>
public static class Durations
{
    public const string Example = "Write a number with a unit: 250ms, 10s, 5m, 26h, 1d12h, 2w.";

    // Long enough for every wait of maintenance, and far from overflowing anything that adds to it.
    static readonly TimeSpan _longest = TimeSpan.FromDays(3660);

    static readonly (string Unit, long Milliseconds)[] _units =
        [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        long total = 0;
        var nextUnit = 0;
        var at = 0;
        while (at < text.Length)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            if (!int.TryParse(text.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return false;

            var letters = at;
            while (at < text.Length && char.IsAsciiLetterLower(text[at]))
                at++;
            var unit = Array.FindIndex(_units, u => text.AsSpan(letters, at - letters).SequenceEqual(u.Unit));
            if (unit < nextUnit)
                return false;

            nextUnit = unit + 1;
            total += count * _units[unit].Milliseconds;
            if (total > _longest.TotalMilliseconds)
                return false;
        }

        duration = TimeSpan.FromMilliseconds(total);
        return text.Length > 0;
    }

    public static string Format(TimeSpan duration)
    {
        var left = (long)duration.TotalMilliseconds;
        if (left == 0)
            return "0s";
        var parts = "";
        foreach (var (unit, size) in _units.AsSpan(1))
        {
            if (left / size is var count and > 0)
                parts += $"{count}{unit}";
            left %= size;
        }

        return parts;
    }
}
