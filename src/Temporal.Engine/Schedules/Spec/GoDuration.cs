using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;

namespace Temporal.Engine.Schedules;

/// <summary>
/// Durations as the server's language writes them: <c>1h30m</c>, <c>1.5s</c>, and <c>d</c> for exactly 24 hours. Clients see
/// its error texts, so they are kept.
/// </summary>
static partial class GoDuration
{
    const long NanosPerSecond = 1_000_000_000;

    static readonly Dictionary<string, long> Units = new()
    {
        ["ns"] = 1,
        ["us"] = 1_000,
        ["µs"] = 1_000,
        ["μs"] = 1_000,
        ["ms"] = 1_000_000,
        ["s"] = NanosPerSecond,
        ["m"] = 60 * NanosPerSecond,
        ["h"] = 3600 * NanosPerSecond,
    };

    /// <summary>Nanoseconds, or the error text.</summary>
    public static (long Nanos, string? Error) Parse(string text)
    {
        // Days become hours with six decimals first, so errors quote the changed text.
        text = Days().Replace(text, match =>
            string.Create(CultureInfo.InvariantCulture, $"{24 * double.Parse(match.ValueSpan[..^1], CultureInfo.InvariantCulture):F6}h"));
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
            rest = rest[1..];
        if (rest is "0")
            return (0, null);
        if (rest.IsEmpty)
            return Invalid(text);

        var total = 0m;
        while (!rest.IsEmpty)
        {
            var digits = Leading(rest, static c => char.IsAsciiDigit(c) || c == '.');
            if (!decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return Invalid(text);
            rest = rest[digits..];
            var letters = Leading(rest, static c => !char.IsAsciiDigit(c) && c != '.');
            if (letters == 0)
                return (0, $"time: missing unit in duration {Quote(text)}");
            var unit = rest[..letters].ToString();
            if (!Units.TryGetValue(unit, out var factor))
                return (0, $"time: unknown unit {Quote(unit)} in duration {Quote(text)}");
            rest = rest[letters..];
            if (number > long.MaxValue / factor)
                return Invalid(text);
            total += decimal.Truncate(number * factor);
            if (total > long.MaxValue)
                return Invalid(text);
        }

        return (negative ? -(long)total : (long)total, null);
    }

    public static Duration ToProto(long nanos) => new() { Seconds = nanos / NanosPerSecond, Nanos = (int)(nanos % NanosPerSecond) };

    /// <summary>The nanoseconds of a duration that a client sent, at most what 64 bits hold. None counts as zero.</summary>
    public static long Nanos(Duration? duration)
    {
        if (duration is null)
            return 0;
        var nanos = ((Int128)duration.Seconds * NanosPerSecond) + duration.Nanos;
        return (long)Int128.Clamp(nanos, long.MinValue, long.MaxValue);
    }

    /// <summary>As <see cref="Nanos"/>, in ticks of 100 ns.</summary>
    public static TimeSpan Span(Duration? duration) => TimeSpan.FromTicks(Nanos(duration) / 100);

    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\');
            if (c is >= ' ' and < (char)0x7f)
                quoted.Append(c);
            else
                foreach (var b in Encoding.UTF8.GetBytes([c]))
                    quoted.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return quoted.Append('"').ToString();
    }

    static int Leading(ReadOnlySpan<char> text, Func<char, bool> take)
    {
        var length = 0;
        while (length < text.Length && take(text[length]))
            length++;
        return length;
    }

    static (long, string?) Invalid(string text) => (0, $"time: invalid duration {Quote(text)}");

    [GeneratedRegex(@"(\d+(\.\d*)?|\.\d+)d")]
    private static partial Regex Days();
}
