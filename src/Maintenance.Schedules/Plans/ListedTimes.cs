using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// The due times that a server has been told, read back from a spec that lists them: what was due before the time zone data changed,
/// which can no longer be computed from the entry.
/// </summary>
public static class ListedTimes
{
    /// <summary>The schedule as these UTC calendars are due, whatever its own timing says.</summary>
    public static Schedule On(Schedule schedule, IEnumerable<SpecCalendar> calendars) => schedule with
    {
        Timings =
        [
            .. calendars.Select(c => new FieldsTiming(c.ToString(), FieldsOrigin.Calendar, Fields(c), Zone.Utc, DstRules.Auto)),
            .. schedule.Timings.OfType<IntervalTiming>(),
        ],
        Exclude = [],
        Only = [],
    };

    /// <summary>
    /// The server's calendars, from those that it should have and the lines in which it differs (<c>+ wanted</c>, <c>- found</c>).
    /// </summary>
    public static IReadOnlyList<SpecCalendar> Before(IReadOnlyList<SpecCalendar> wanted, IReadOnlyList<string> differences)
    {
        var added = Lines(differences, "+ ").ToHashSet(StringComparer.Ordinal);
        return
        [
            .. wanted.Where(c => !added.Contains(c.ToString())),
            .. Lines(differences, "- ").Select(Parse).OfType<SpecCalendar>(),
        ];
    }

    static IEnumerable<string> Lines(IReadOnlyList<string> differences, string sign) =>
        differences.Where(d => d.StartsWith(sign, StringComparison.Ordinal)).Select(d => d[sign.Length..]);

    /// <summary>The opposite of <see cref="SpecCalendar.ToString"/>; null for any other text.</summary>
    public static SpecCalendar? Parse(string line)
    {
        string[] names = ["s=", "m=", "h=", "d=", "M=", "y=", "w="];
        var parts = line.Split(' ');
        if (parts.Length != names.Length || !parts.Zip(names).All(p => p.First.StartsWith(p.Second, StringComparison.Ordinal)))
            return null;
        var fields = parts.Select(p => Ranges(p[2..])).ToList();
        return fields.Contains(null)
            ? null
            : new SpecCalendar(fields[0]!, fields[1]!, fields[2]!, fields[3]!, fields[4]!, fields[5]!, fields[6]!);
    }

    static List<SpecRange>? Ranges(string text)
    {
        var ranges = new List<SpecRange>();
        foreach (var item in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = item.Split('-', '/').Select(Number).ToList();
            if (numbers.Count > 3 || numbers.Contains(-1))
                return null;
            ranges.Add(new SpecRange(numbers[0], numbers[Math.Min(1, numbers.Count - 1)], numbers.Count == 3 ? numbers[2] : 1));
        }

        return ranges;
    }

    static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;

    static FieldSet Fields(SpecCalendar calendar) => new()
    {
        Seconds = Bits(calendar.Second),
        Minutes = Bits(calendar.Minute),
        Hours = Bits(calendar.Hour),
        Days = Bits(calendar.DayOfMonth),
        Months = Bits(calendar.Month),
        Weekdays = Bits(calendar.DayOfWeek),
        Years = [.. calendar.Year.Select(y => new YearRange(y.Start, y.End, y.Step))],
    };

    static Bits Bits(IReadOnlyList<SpecRange> ranges) =>
        ranges.Aggregate(default(Bits), (bits, range) => bits.Or(Maintenance.Schedules.Bits.Range(range.Start, range.End, range.Step)));
}
