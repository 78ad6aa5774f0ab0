namespace Maintenance.Schedules;

/// <summary>
/// What a change of a schedule does to its due times in a period: how many there were and are, and which come and go. Only the first ones of
/// each kind are kept by name.
/// </summary>
public sealed record DueTimeChanges(
    int Before, int After, int Added, int Removed, IReadOnlyList<DateTimeOffset> FirstAdded,
    IReadOnlyList<DateTimeOffset> FirstRemoved)
{
    const int NamedMax = 10;

    /// <summary>Due times that would be there but for an excluded window, and were there before: runs that the change takes away on purpose.</summary>
    public int MovedIntoExcluded { get; init; }

    public bool Any => Added + Removed > 0;

    /// <param name="before">Null: the schedule is new.</param>
    /// <param name="after">Null: the schedule goes away.</param>
    public static DueTimeChanges Between(Schedule? before, Schedule? after, DateTimeOffset from, DateTimeOffset to)
    {
        var old = Times(before, from, to);
        var @new = Times(after, from, to);
        var removed = Missing(old, @new);
        var added = Missing(@new, old);
        return new DueTimeChanges(old.Count, @new.Count, added.Count, removed.Count, Named(added), Named(removed))
        {
            MovedIntoExcluded = after is null ? 0 : CountExcluded(after, removed, from, to),
        };
    }

    static List<long> Times(Schedule? schedule, DateTimeOffset from, DateTimeOffset to) => schedule is null
        ? []
        : [.. DueTimes.After(schedule, from).Select(d => d.Nominal.ToUnixTimeSeconds()).TakeWhile(t => t <= to.ToUnixTimeSeconds())];

    /// <summary>Those of the first list that the second one has not; both are in order.</summary>
    static List<long> Missing(List<long> from, List<long> other)
    {
        var known = other.ToHashSet();
        return [.. from.Where(t => !known.Contains(t))];
    }

    static int CountExcluded(Schedule after, List<long> removed, DateTimeOffset from, DateTimeOffset to)
    {
        if (removed.Count == 0 || (after.Exclude.Count == 0 && after.Only.Count == 0))
            return 0;
        var excluded = DueTimes.Events(after, from.ToUnixTimeSeconds())
            .TakeWhile(e => e.At <= to.ToUnixTimeSeconds())
            .Where(e => e.Kind == TimingEventKind.Excluded)
            .Select(e => e.At)
            .ToHashSet();
        return removed.Count(excluded.Contains);
    }

    static IReadOnlyList<DateTimeOffset> Named(List<long> times) => [.. times.Take(NamedMax).Select(DateTimeOffset.FromUnixTimeSeconds)];
}
