namespace Maintenance.Schedules;

/// <summary>A minute in which several schedules are due, and how many were before the change.</summary>
public sealed record LoadPeak(DateTimeOffset Minute, int Starts, int Before, IReadOnlyList<string> Schedules);

/// <summary>Where starts pile up: how many schedules are due in each minute of a period, before and after a change.</summary>
public sealed class MinuteLoad
{
    /// <summary>Named per minute; a minute of ten thousand starts needs no list.</summary>
    const int SchedulesNamedMax = 50;

    readonly IReadOnlyList<Schedule> _after;
    readonly long _firstMinute;
    readonly int[] _startsBefore;
    readonly int[] _startsAfter;

    MinuteLoad(IReadOnlyList<Schedule> after, long firstMinute, int[] startsBefore, int[] startsAfter) =>
        (_after, _firstMinute, _startsBefore, _startsAfter) = (after, firstMinute, startsBefore, startsAfter);

    /// <param name="unchanged">Due before and after.</param>
    /// <param name="gone">The changed schedules as they were, and those that go away.</param>
    /// <param name="come">The changed schedules as they will be, and new ones.</param>
    /// <param name="from">Exclusive.</param>
    /// <param name="to">Inclusive.</param>
    public static MinuteLoad Of(
        IReadOnlyList<Schedule> unchanged, IReadOnlyList<Schedule> gone, IReadOnlyList<Schedule> come, DateTimeOffset from,
        DateTimeOffset to)
    {
        var first = from.ToUnixTimeSeconds() / 60;
        var minutes = (int)((to.ToUnixTimeSeconds() / 60) - first) + 1;
        var before = new int[minutes];
        Count(unchanged, from, to, first, before);
        var after = (int[])before.Clone();
        Count(gone, from, to, first, before);
        Count(come, from, to, first, after);
        return new MinuteLoad([.. unchanged, .. come], first, before, after);
    }

    /// <summary>Minutes in which more schedules meet than before.</summary>
    public int NewCollisions => Enumerable.Range(0, _startsAfter.Length).Count(IsNew);

    /// <summary>The fullest of them, fullest first and earlier ones first among equals.</summary>
    public IReadOnlyList<LoadPeak> NewPeaks(int count) =>
    [
        .. Enumerable.Range(0, _startsAfter.Length).Where(IsNew).OrderByDescending(m => _startsAfter[m]).ThenBy(m => m).Take(count)
            .Select(m => new LoadPeak(
                DateTimeOffset.FromUnixTimeSeconds((_firstMinute + m) * 60), _startsAfter[m], _startsBefore[m], DueIn(_firstMinute + m))),
    ];

    bool IsNew(int minute) => _startsAfter[minute] > 1 && _startsAfter[minute] > _startsBefore[minute];

    static void Count(IReadOnlyList<Schedule> schedules, DateTimeOffset from, DateTimeOffset to, long firstMinute, int[] starts)
    {
        var end = to.ToUnixTimeSeconds();
        Parallel.ForEach(schedules, schedule =>
        {
            var last = -1L;
            foreach (var time in DueTimes.After(schedule, from))
            {
                var second = time.Due.ToUnixTimeSeconds();
                if (second > end)
                    break;
                if (second / 60 == last)
                    continue;
                last = second / 60;
                Interlocked.Increment(ref starts[last - firstMinute]);
            }
        });
    }

    IReadOnlyList<string> DueIn(long minute)
    {
        var start = DateTimeOffset.FromUnixTimeSeconds((minute * 60) - 1);
        return
        [
            .. _after.Where(s => DueTimes.After(s, start).Take(1).Any(d => d.Due.ToUnixTimeSeconds() / 60 == minute))
                .Take(SchedulesNamedMax).Select(s => s.Id),
        ];
    }
}
