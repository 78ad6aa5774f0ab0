using System.Collections.Concurrent;

namespace Maintenance.Schedules;

/// <summary>Decides which timings no clock change touches, so that a server's zone arithmetic cannot matter.</summary>
static class QuietTimes
{
    const int Day = 86_400;

    // The real server goes wrong up to an hour beside a change of an hour (it repeats the hour before the repeated one).
    const int Margin = 3600;

    /// <summary>True when the timing can be given to a server in its own zone.</summary>
    public static bool InZone(FieldsTiming timing, long from)
    {
        var fields = timing.Fields;
        if (!fields.DaysFromEnd.IsEmpty)
            return false;
        var changes = ZoneChanges.Of(timing.Zone, from);
        if (changes.OddJump || (changes.MidnightGap && !fields.EveryDay))
            return false;
        foreach (var hour in fields.Hours.Values())
        {
            if ((changes.MinutesNearby[hour].Word & fields.Minutes.Word) != 0)
                return false;
        }

        return true;
    }

    /// <summary>
    /// What all changes of a zone from an instant on mean for times of day, on whatever day: the next change may come on another one. Kept,
    /// because thousands of schedules share a few zones.
    /// </summary>
    sealed record ZoneChanges(bool OddJump, bool MidnightGap, Bits[] MinutesNearby)
    {
        const int KeptMax = 1000;

        static readonly ConcurrentDictionary<(Zone, long), ZoneChanges> _kept = new();

        public static ZoneChanges Of(Zone zone, long from)
        {
            if (_kept.TryGetValue((zone, from), out var known))
                return known;
            if (_kept.Count >= KeptMax)
                _kept.Clear();
            return _kept[(zone, from)] = Find(zone, from);
        }

        static ZoneChanges Find(Zone zone, long from)
        {
            var (odd, midnightGap, nearby) = (false, false, new Bits[24]);
            foreach (var change in zone.Periods(from, long.MaxValue).Skip(1))
            {
                var (before, after) = (change.Start + change.OffsetBefore, change.Start + change.Offset);
                var (first, last) = (Math.Min(before, after), Math.Max(before, after));
                // Other jumps than an hour, and a midnight that does not exist, are where the real server loses whole days.
                odd |= last - first != 3600;
                midnightGap |= after > before && (first + Day - 1) / Day * Day < last;
                for (var at = (first - Margin) / 60 * 60; at < last + Margin; at += 60)
                {
                    var minute = (int)(((at % Day) + Day) % Day / 60);
                    nearby[minute / 60] = nearby[minute / 60].Or(Bits.Of(minute % 60));
                }
            }

            return new ZoneChanges(odd, midnightGap, nearby);
        }
    }

    /// <summary>
    /// The same times in UTC, when they are the same whatever the zone's offset: a line of every hour of every day that keeps its interval.
    /// </summary>
    public static FieldSet? InUtc(FieldsTiming timing, long from)
    {
        var fields = timing.Fields;
        if (fields.Hours != FieldSet.AllHours || !fields.EveryDay || !KeepsInterval(timing))
            return null;
        Bits? minutes = null;
        foreach (var period in timing.Zone.Periods(from, long.MaxValue))
        {
            if (period.Offset % 60 != 0)
                return null;
            var moved = Moved(fields.Minutes, period.Offset / 60);
            if (minutes is not null && minutes != moved)
                return null;
            minutes = moved;
        }

        return new FieldSet { Seconds = fields.Seconds, Minutes = minutes ?? fields.Minutes, Hours = FieldSet.AllHours };
    }

    static bool KeepsInterval(FieldsTiming timing)
    {
        var missing = timing.Dst.Missing == MissingRule.Skip || (timing.Dst.Missing != MissingRule.Shift && timing.Fields.Wildcard);
        var repeated = timing.Dst.Repeated == RepeatedRule.Both || (timing.Dst.Repeated == RepeatedRule.Auto && timing.Fields.Wildcard);
        return missing && repeated;
    }

    static Bits Moved(Bits minutes, int offset)
    {
        var moved = default(Bits);
        foreach (var minute in minutes.Values())
            moved = moved.Or(Bits.Of((((minute - offset) % 60) + 60) % 60));
        return moved;
    }
}
