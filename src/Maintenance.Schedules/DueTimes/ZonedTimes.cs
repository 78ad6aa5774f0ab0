namespace Maintenance.Schedules;

/// <summary>
/// Turns local times into instants of a zone. Between two changes of the offset this is a subtraction; all the care is at the changes,
/// where <see cref="DstRules"/> decides. The rules of cron hold for changes of up to three hours; beyond, cron takes the clock as set anew.
/// </summary>
public static class ZonedTimes
{
    const int CronLimit = 3 * 3600;

    /// <summary>Lazily, in order, strictly after <paramref name="after"/>.</summary>
    public static IEnumerable<TimingEvent> After(FieldSet fields, Zone zone, DstRules rules, long after)
    {
        var times = new Cursor(fields);
        for (var i = zone.IndexAt(after + 1); i < zone.PeriodCount; i++)
        {
            var period = zone.Period(i);
            var from = Math.Max(after + 1, period.Start);
            var made = false;
            if (period.GapBefore > 0 && period.Start > after && AtGap(times, fields, rules, period) is { } atGap)
            {
                yield return atGap;
                made = atGap.Kind == TimingEventKind.Due;
            }

            var end = period.End == long.MaxValue ? long.MaxValue : period.End + period.Offset;
            for (var local = times.Next(from + period.Offset); local < end; local = times.Next(local + 1))
            {
                var at = local - period.Offset;
                if (made && at == period.Start)
                    continue;
                yield return InPeriod(fields, rules, period, local, at);
            }

            // What comes twice comes again in the next period, so its local times begin there.
            if (times.Next(Math.Min(end, period.RepeatedFrom)) == FieldSet.Never)
                yield break;
        }
    }

    /// <summary>What happens at the first instant after a gap because of the local times in it; null when there were none.</summary>
    static TimingEvent? AtGap(Cursor times, FieldSet fields, DstRules rules, ZonePeriod period)
    {
        var (gapStart, gapEnd) = (period.Start + period.OffsetBefore, period.Start + period.Offset);
        var (count, first, last) = (0, 0L, 0L);
        for (var local = times.Next(gapStart); local < gapEnd; local = times.Next(local + 1))
        {
            first = count == 0 ? local : first;
            last = local;
            count++;
        }

        if (count == 0)
            return null;
        var asCron = !fields.Wildcard && period.GapBefore <= CronLimit;
        var regular = times.Next(gapEnd) == gapEnd ? 1 : 0;
        var runs = rules.Missing switch
        {
            MissingRule.Skip => 0,
            MissingRule.Shift => 1,
            MissingRule.Auto => asCron ? 1 : 0,
            MissingRule.Each => asCron ? count + regular : 0,
            _ => throw new ArgumentOutOfRangeException(nameof(rules), rules, null),
        };
        return new TimingEvent(period.Start, runs == 0 ? TimingEventKind.Lost : TimingEventKind.Due)
        {
            Runs = runs,
            Lost = count,
            FirstLost = first,
            LastLost = last,
        };
    }

    static TimingEvent InPeriod(FieldSet fields, DstRules rules, ZonePeriod period, long local, long at)
    {
        var pass = local < period.RepeatsUntil ? Pass.Second : local >= period.RepeatedFrom ? Pass.First : Pass.Only;
        var runs = pass switch
        {
            Pass.Only => true,
            Pass.First => Repeated(fields, rules, period.Offset - period.OffsetAfter) != RepeatedRule.Second,
            _ => Repeated(fields, rules, period.OffsetBefore - period.Offset) != RepeatedRule.First,
        };
        return new TimingEvent(at, runs ? TimingEventKind.Due : TimingEventKind.PassSkipped) { Runs = runs ? 1 : 0, Pass = pass };
    }

    static RepeatedRule Repeated(FieldSet fields, DstRules rules, int overlap)
    {
        if (rules.Repeated != RepeatedRule.Auto)
            return rules.Repeated;
        return fields.Wildcard || overlap > CronLimit ? RepeatedRule.Both : RepeatedRule.First;
    }

    /// <summary>Remembers the last answer: a rare time is asked for again in each of many periods before it comes.</summary>
    sealed class Cursor(FieldSet fields)
    {
        long _from = long.MaxValue;
        long _next = long.MinValue;

        public long Next(long from)
        {
            if (_from <= from && from <= _next)
                return _next;
            _from = from;
            return _next = fields.Next(from);
        }
    }
}
