using System.Globalization;
using System.Text;

namespace Maintenance.Schedules;

/// <summary>Values from..to in steps, as a field of a Temporal calendar has them.</summary>
public readonly record struct SpecRange(int Start, int End, int Step = 1)
{
    public override string ToString() =>
        Start == End ? $"{Start}" : Step == 1 ? $"{Start}-{End}" : $"{Start}-{End}/{Step}";

    /// <summary>The fewest ranges for a set: one with a step where the whole set is one, else its unbroken stretches.</summary>
    public static IReadOnlyList<SpecRange> Of(Bits bits)
    {
        if (bits.Count > 2 && Progression([.. bits.Values()]) is { } whole)
            return [whole];
        var ranges = new List<SpecRange>();
        for (var first = bits.AtLeast(0); first >= 0;)
        {
            var last = first;
            while (last < 63 && bits.Has(last + 1))
                last++;
            ranges.Add(new SpecRange(first, last));
            first = bits.AtLeast(last + 1);
        }

        return ranges;
    }

    static SpecRange? Progression(IReadOnlyList<int> values)
    {
        var step = values[1] - values[0];
        for (var i = 2; i < values.Count; i++)
        {
            if (values[i] - values[i - 1] != step)
                return null;
        }

        return new SpecRange(values[0], values[^1], step);
    }
}

/// <summary>A calendar of a Temporal schedule: all fields must match. Nothing is left to defaults; no year means every year.</summary>
public sealed record SpecCalendar(
    IReadOnlyList<SpecRange> Second, IReadOnlyList<SpecRange> Minute, IReadOnlyList<SpecRange> Hour, IReadOnlyList<SpecRange> DayOfMonth,
    IReadOnlyList<SpecRange> Month, IReadOnlyList<SpecRange> Year, IReadOnlyList<SpecRange> DayOfWeek)
{
    public override string ToString() =>
        $"s={Join(Second)} m={Join(Minute)} h={Join(Hour)} d={Join(DayOfMonth)} M={Join(Month)} y={Join(Year)} w={Join(DayOfWeek)}";

    static string Join(IReadOnlyList<SpecRange> ranges) => string.Join(',', ranges);
}

/// <summary>Every so often since 1970, moved by an offset.</summary>
public sealed record SpecInterval(TimeSpan Every, TimeSpan Offset)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"every={Every.TotalSeconds} offset={Offset.TotalSeconds}");
}

public enum SpecForm
{
    /// <summary>Calendars in the schedule's own zone: no clock change of the zone touches its times.</summary>
    Local,

    /// <summary>UTC calendars that are right for ever.</summary>
    Utc,

    /// <summary>UTC calendars that list the due times up to <see cref="TemporalSpec.Until"/> and must be renewed before.</summary>
    Listed,
}

/// <summary>
/// When a Temporal server starts the schedule, as plain values: the union of the calendars and intervals. <see cref="ToString"/> is
/// canonical: equal specs, equal texts, which is how an update is verified and drift is found.
/// </summary>
public sealed record TemporalSpec(
    SpecForm Form, string TimeZone, IReadOnlyList<SpecCalendar> Calendars, IReadOnlyList<SpecInterval> Intervals, TimeSpan Jitter,
    DateTimeOffset? Until)
{
    public override string ToString()
    {
        var text = new StringBuilder(
            $"zone={(TimeZone is "" ? "UTC" : TimeZone)} jitter={Jitter.TotalSeconds.ToString(CultureInfo.InvariantCulture)}");
        foreach (var line in Calendars.Select(c => c.ToString()).Order(StringComparer.Ordinal))
            text.Append('\n').Append(line);
        foreach (var line in Intervals.Select(i => i.ToString()).Order(StringComparer.Ordinal))
            text.Append('\n').Append(line);
        return text.ToString();
    }
}
