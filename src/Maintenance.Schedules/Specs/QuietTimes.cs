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
        if (!timing.Fields.DaysFromEnd.IsEmpty)
            return false;
        foreach (var change in timing.Zone.Periods(from, long.MaxValue).Skip(1))
        {
            if (!Survives(timing.Fields, change))
                return false;
        }

        return true;
    }

    static bool Survives(FieldSet fields, ZonePeriod change)
    {
        var (before, after) = (change.Start + change.OffsetBefore, change.Start + change.Offset);
        var (first, last) = (Math.Min(before, after), Math.Max(before, after));
        // Other jumps than an hour, and a midnight that does not exist, are where the real server loses whole days.
        if (last - first != 3600)
            return false;
        var midnight = (first + Day - 1) / Day * Day;
        if (after > before && midnight < last && !fields.EveryDay)
            return false;
        return !HasTimeOfDay(fields, first - Margin, last + Margin);
    }

    /// <summary>Whether any time of day lies in the stretch, on whatever day: the next change may come on another one.</summary>
    static bool HasTimeOfDay(FieldSet fields, long first, long end)
    {
        for (var at = first / 60 * 60; at < end; at += 60)
        {
            var minute = (int)(((at % Day) + Day) % Day / 60);
            if (fields.Hours.Has(minute / 60) && fields.Minutes.Has(minute % 60))
                return true;
        }

        return false;
    }

    /// <summary>The same times in UTC, when they are the same whatever the zone's offset: a line of every hour of every day that keeps its interval.</summary>
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
