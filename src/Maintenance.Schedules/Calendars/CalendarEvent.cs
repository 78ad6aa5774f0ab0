namespace Maintenance.Schedules;

/// <summary>
/// A stretch of time that may come again, as iCalendar has them. Start and end are seconds on the local clock of <see cref="Zone"/>;
/// without a zone of its own it is that of the calendar, and without that of the schedule.
/// </summary>
public sealed record CalendarEvent(long Start, long End, Recurrence? Repeat, IReadOnlySet<long> Except, Zone? Zone)
{
    /// <summary>More of one event than this are too many to keep.</summary>
    public const int OccurrencesMax = 40_000;

    /// <summary>The local stretches in order, the first included, up to the last year that schedules know.</summary>
    public IEnumerable<(long Start, long End)> Occurrences()
    {
        var first = FieldSet.DateOf((int)Math.DivRem(Start, 86_400, out var time));
        IEnumerable<DateOnly> dates = Repeat is null ? [first] : Repeat.Dates(first, time, Zone ?? Zone.Utc);
        foreach (var date in dates)
        {
            var start = (FieldSet.DayNumber(date) * 86_400L) + time;
            if (!Except.Contains(start))
                yield return (start, start + End - Start);
        }
    }
}

/// <summary>The stretches of many events of one zone, merged, so that a look-up is one search.</summary>
sealed class EventTimes
{
    readonly List<long> _starts = [];
    readonly List<long> _ends = [];

    public EventTimes(IEnumerable<CalendarEvent> events)
    {
        foreach (var (start, end) in events.SelectMany(e => e.Occurrences()).Order())
        {
            if (_ends.Count > 0 && start <= _ends[^1])
            {
                _ends[^1] = Math.Max(_ends[^1], end);
                continue;
            }

            _starts.Add(start);
            _ends.Add(end);
        }
    }

    public bool Covers(long local)
    {
        var found = _starts.BinarySearch(local);
        var index = found >= 0 ? found : ~found - 1;
        return index >= 0 && local < _ends[index];
    }
}
