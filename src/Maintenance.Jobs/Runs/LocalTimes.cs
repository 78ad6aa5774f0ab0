using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// From a zone's clock to an instant. A time that a clock change leaves out means the moment of the change; one that comes twice means the
/// first.
/// </summary>
public static class LocalTimes
{
    /// <summary>A time of day is the next one after <paramref name="now"/>; anything else is one instant, past or not.</summary>
    public static DateTimeOffset Next(Moment moment, Zone zone, DateTimeOffset now) => moment switch
    {
        Moment.Instant instant => instant.Time,
        Moment.Local local => ToInstant(local.Time, zone),
        Moment.OfDay day => Days(zone, now, first: 0).Select(d => ToInstant(d.ToDateTime(day.Time), zone)).First(t => t > now),
        _ => throw new ArgumentOutOfRangeException(nameof(moment), moment, null),
    };

    /// <summary>The calendar days of the zone, beginning <paramref name="first"/> days from now's.</summary>
    public static IEnumerable<DateOnly> Days(Zone zone, DateTimeOffset now, int first)
    {
        var today = DateOnly.FromDateTime(zone.ToLocal(now.ToUnixTimeSeconds()).DateTime);
        for (var day = first; ; day++)
            yield return today.AddDays(day);
    }

    public static DateTimeOffset ToInstant(DateTime local, Zone zone)
    {
        var seconds = new DateTimeOffset(local, TimeSpan.Zero).ToUnixTimeSeconds();
        // The earlier of two readings is the first of a repeated hour; in a gap no reading fits, and the change itself is meant.
        var candidates = zone.Periods(seconds - 86_400, seconds + 86_400).ToList();
        foreach (var period in candidates)
        {
            var instant = seconds - period.Offset;
            if (instant >= period.Start && instant < period.End)
                return DateTimeOffset.FromUnixTimeSeconds(instant);
            if (instant < period.Start)
                return DateTimeOffset.FromUnixTimeSeconds(period.Start);
        }

        return DateTimeOffset.FromUnixTimeSeconds(seconds - zone.OffsetAt(seconds));
    }
}
