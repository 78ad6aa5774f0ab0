namespace Maintenance.Schedules;

/// <summary>
/// The next due times with what clock changes and calendars do among them. Several like events of one night (the second pass of a line that
/// is due each quarter of an hour) are one note.
/// </summary>
public sealed record NextTimes(IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<string> Notes)
{
    const int NotesMax = 100;

    // Calendars may take every time out: the search through them ends somewhere.
    const int SkippedMax = 1_000_000;

    public static NextTimes Of(Schedule schedule, DateTimeOffset after, int count)
    {
        var times = new List<DateTimeOffset>(Math.Min(count, 1_000));
        var notes = new NoteList(schedule);
        var skipped = 0;
        foreach (var e in DueTimes.Events(schedule, after.ToUnixTimeSeconds()))
        {
            if (times.Count >= count || skipped > SkippedMax)
                break;
            if (e.Kind == TimingEventKind.Due)
                times.AddRange(Enumerable.Repeat(DateTimeOffset.FromUnixTimeSeconds(e.At), Math.Min(e.Runs, count - times.Count)));
            else
                skipped++;
            notes.Add(e);
        }

        return new NextTimes(times, [.. notes.All, .. After(schedule, times.Count, count, skipped)]);
    }

    static IEnumerable<string> After(Schedule schedule, int found, int count, int skipped)
    {
        if (schedule.Jitter > TimeSpan.Zero && found > 0)
            yield return $"Each start comes up to {Durations.Format(schedule.Jitter)} after its due time (jitter).";
        if (found >= count)
            yield break;
        if (skipped > SkippedMax)
            yield return $"The next {SkippedMax} times are all taken out by calendars; nothing beyond them was looked at.";
        else if (found == 0)
            yield return "It is not due any more: no date matches.";
        else
            yield return $"It is not due any more after {(found == 1 ? "this time" : $"these {found} times")}.";
    }

    /// <summary>One note for each thing that happens in one night.</summary>
    sealed class NoteList(Schedule schedule)
    {
        readonly List<string> _notes = [];
        readonly HashSet<(TimingEventKind, Pass, long)> _said = [];

        public IReadOnlyList<string> All => _notes;

        public void Add(TimingEvent e)
        {
            if (_notes.Count >= NotesMax || DueNotes.Of(schedule, e) is not { } note)
                return;
            if (_said.Add((e.Kind, e.Pass, (e.At + schedule.TimeZone.OffsetAt(e.At)) / 86_400)))
                _notes.Add($"{Instants.Format(e.At)}: {note}");
        }
    }
}
