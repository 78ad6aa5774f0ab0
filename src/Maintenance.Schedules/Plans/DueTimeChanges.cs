namespace Maintenance.Schedules;

/// <summary>
/// What a change of a schedule does to its due times in a period: how many there were and are, and which come and go. At most
/// <see cref="NamedMax"/> of each kind are kept by name.
/// </summary>
public sealed record DueTimeChanges(
    int Before, int After, int Added, int Removed, IReadOnlyList<DateTimeOffset> FirstAdded,
    IReadOnlyList<DateTimeOffset> FirstRemoved)
{
    /// <summary>A line of every second has more in three months than anybody reads; the counts hold all.</summary>
    public const int NamedMax = 100_000;

    /// <summary>
    /// Due times that were there before and now fall into an excluded window: runs that the change takes away on purpose.
    /// </summary>
    public int MovedIntoExcluded { get; init; }

    /// <summary>Due times that fell into an excluded window and now do not.</summary>
    public int MovedOutOfExcluded { get; init; }

    public bool Any => Added + Removed > 0;

    /// <param name="before">Null: the schedule is new.</param>
    /// <param name="after">Null: the schedule goes away.</param>
    /// <param name="from">Exclusive.</param>
    /// <param name="to">Inclusive.</param>
    public static DueTimeChanges Between(Schedule? before, Schedule? after, DateTimeOffset from, DateTimeOffset to)
    {
        var walk = new Walk();
        using var old = Times(before, from, to).GetEnumerator();
        using var @new = Times(after, from, to).GetEnumerator();
        var (hasOld, hasNew) = (old.MoveNext(), @new.MoveNext());
        while (hasOld || hasNew)
        {
            var at = Math.Min(hasOld ? old.Current.At : long.MaxValue, hasNew ? @new.Current.At : long.MaxValue);
            var was = hasOld && old.Current.At == at ? old.Current.State : State.Nothing;
            var @is = hasNew && @new.Current.At == at ? @new.Current.State : State.Nothing;
            walk.Step(at, was, @is);
            hasOld = was == State.Nothing ? hasOld : old.MoveNext();
            hasNew = @is == State.Nothing ? hasNew : @new.MoveNext();
        }

        return new DueTimeChanges(walk.Before, walk.After, walk.AddedCount, walk.RemovedCount, walk.Added, walk.Removed)
        {
            MovedIntoExcluded = walk.IntoExcluded,
            MovedOutOfExcluded = walk.OutOfExcluded,
        };
    }

    enum State
    {
        Nothing,
        Excluded,
        Due,
    }

    /// <summary>Due and excluded times in order, each instant once.</summary>
    static IEnumerable<(long At, State State)> Times(Schedule? schedule, DateTimeOffset from, DateTimeOffset to)
    {
        if (schedule is null)
            yield break;
        var (last, end) = (long.MinValue, to.ToUnixTimeSeconds());
        foreach (var e in DueTimes.Events(schedule, from.ToUnixTimeSeconds()))
        {
            if (e.At > end)
                yield break;
            if (e.Kind is not (TimingEventKind.Due or TimingEventKind.Excluded))
                continue;
            // Lost times that each have a run of their own follow each other by a second.
            for (var at = Math.Max(e.At, last + 1); at < e.At + Math.Max(1, e.Runs); at++)
            {
                yield return (at, e.Kind == TimingEventKind.Due ? State.Due : State.Excluded);
                last = at;
            }
        }
    }

    /// <summary>The counts of a walk over both schedules' times.</summary>
    sealed class Walk
    {
        public List<DateTimeOffset> Added { get; } = [];
        public List<DateTimeOffset> Removed { get; } = [];
        public int Before { get; private set; }
        public int After { get; private set; }
        public int AddedCount { get; private set; }
        public int RemovedCount { get; private set; }
        public int IntoExcluded { get; private set; }
        public int OutOfExcluded { get; private set; }

        public void Step(long at, State was, State @is)
        {
            Before += was == State.Due ? 1 : 0;
            After += @is == State.Due ? 1 : 0;
            if (@is == State.Due && was != State.Due)
            {
                AddedCount++;
                OutOfExcluded += was == State.Excluded ? 1 : 0;
                Name(Added, at);
            }
            else if (was == State.Due && @is != State.Due)
            {
                RemovedCount++;
                IntoExcluded += @is == State.Excluded ? 1 : 0;
                Name(Removed, at);
            }
        }

        static void Name(List<DateTimeOffset> list, long at)
        {
            if (list.Count < NamedMax)
                list.Add(DateTimeOffset.FromUnixTimeSeconds(at));
        }
    }
}
