namespace Maintenance.Schedules;

/// <summary>
/// A due time of a schedule. <see cref="Due"/> is when it is due by the clock; <see cref="Nominal"/> names the occurrence and differs only
/// where each of several lost times gets a run of its own (<see cref="MissingRule.Each"/>): these follow each other by a second.
/// </summary>
public readonly record struct DueTime(TimingEvent Event, int Index)
{
    public DateTimeOffset Due => DateTimeOffset.FromUnixTimeSeconds(Event.At);

    public DateTimeOffset Nominal => DateTimeOffset.FromUnixTimeSeconds(Event.At + Index);
}

/// <summary>When a schedule is due: the union of its timings, equal times merged, excluded windows taken out. Pure and lazy.</summary>
public static class DueTimes
{
    public static IEnumerable<DueTime> After(Schedule schedule, DateTimeOffset instant)
    {
        foreach (var e in Events(schedule, instant.ToUnixTimeSeconds()).Where(e => e.Kind == TimingEventKind.Due))
        {
            for (var index = 0; index < e.Runs; index++)
                yield return new DueTime(e, index);
        }
    }

    /// <summary>Due times and everything that explains why something is not due; in order, strictly after the instant.</summary>
    public static IEnumerable<TimingEvent> Events(Schedule schedule, long after)
    {
        var events = schedule.Timings.Count == 1 ? schedule.Timings[0].After(after) : Union(schedule, after);
        return schedule.Exclude.Count == 0 && schedule.Only.Count == 0 ? events : events.Select(e => Filter(schedule, e));
    }

    static TimingEvent Filter(Schedule schedule, TimingEvent e)
    {
        if (e.Kind != TimingEventKind.Due)
            return e;
        foreach (var calendar in schedule.Exclude)
        {
            if (calendar.Covers(e.At, schedule.TimeZone))
                return e with { Kind = TimingEventKind.Excluded, Calendar = calendar.Name };
        }

        if (schedule.Only.Count == 0 || schedule.Only.Any(c => c.Covers(e.At, schedule.TimeZone)))
            return e;
        return e with { Kind = TimingEventKind.Excluded, Outside = true, Calendar = string.Join(", ", schedule.Only.Select(c => c.Name)) };
    }

    static IEnumerable<TimingEvent> Union(Schedule schedule, long after)
    {
        var queue = new PriorityQueue<IEnumerator<TimingEvent>, long>();
        foreach (var timing in schedule.Timings)
            Advance(queue, timing.After(after).GetEnumerator());

        var same = new List<TimingEvent>();
        while (queue.TryDequeue(out var next, out var at))
        {
            same.Add(next.Current);
            Advance(queue, next);
            if (queue.TryPeek(out _, out var following) && following == at)
                continue;
            foreach (var e in Merge(same, schedule.Dst.Missing == MissingRule.Each))
                yield return e;
            same.Clear();
        }
    }

    static void Advance(PriorityQueue<IEnumerator<TimingEvent>, long> queue, IEnumerator<TimingEvent> events)
    {
        if (events.MoveNext())
            queue.Enqueue(events, events.Current.At);
        else
            events.Dispose();
    }

    /// <summary>One run for all that is due at one instant, except that lost times may each have their own.</summary>
    static IEnumerable<TimingEvent> Merge(List<TimingEvent> same, bool eachLost)
    {
        var due = same.Where(e => e.Kind == TimingEventKind.Due).ToList();
        if (due.Count == 0)
            return same.Take(1);
        if (due.Count == 1)
            return due;
        var lost = due.Where(e => e.Lost > 0).ToList();
        var lostRuns = eachLost ? lost.Sum(e => e.Lost) : 0;
        var regular = due.Any(e => e.Runs > (eachLost ? e.Lost : 0)) ? 1 : 0;
        return
        [
            due[0] with
            {
                Runs = Math.Max(1, lostRuns + regular),
                Lost = lost.Sum(e => e.Lost),
                FirstLost = lost.Count == 0 ? 0 : lost.Min(e => e.FirstLost),
                LastLost = lost.Count == 0 ? 0 : lost.Max(e => e.LastLost),
            },
        ];
    }
}
