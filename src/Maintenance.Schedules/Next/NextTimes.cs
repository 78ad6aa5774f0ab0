namespace Maintenance.Schedules;

/// <summary>
/// The next due times with what clock changes and calendars do among them. Several like events of one night (the second pass of a line that
/// is due each quarter of an hour) are one note.
/// </summary>
public sealed record NextTimes(IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<string> Notes)
{
    const int NotesMax = 100;

    // Enough for the longest wait of any line (a 29 February after a year 2100) without running to the end of time.
    static readonly TimeSpan _lookAhead = TimeSpan.FromDays(366 * 60);

    public static NextTimes Of(Schedule schedule, DateTimeOffset after, int count)
    {
        var times = new List<DateTimeOffset>(count);
        var notes = new List<string>();
        var said = new HashSet<(TimingEventKind, Pass, long)>();
        var end = after.ToUnixTimeSeconds() + (long)_lookAhead.TotalSeconds;
        foreach (var e in DueTimes.Events(schedule, after.ToUnixTimeSeconds()))
        {
            if (times.Count >= count || e.At > end)
                break;
            for (var run = 0; run < e.Runs && e.Kind == TimingEventKind.Due && times.Count < count; run++)
                times.Add(DateTimeOffset.FromUnixTimeSeconds(e.At));
            if (notes.Count < NotesMax && DueNotes.Of(schedule, e) is { } note && said.Add((e.Kind, e.Pass, (e.At + schedule.TimeZone.OffsetAt(e.At)) / 86_400)))
                notes.Add($"{Instants.Format(e.At)}: {note}");
        }

        if (times.Count == 0)
            notes.Add("It is not due any more: no date matches.");
        return new NextTimes(times, notes);
    }
}
