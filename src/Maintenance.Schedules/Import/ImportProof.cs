namespace Maintenance.Schedules;

/// <summary>Whether a schedule is due exactly when the line that it was made of would have been started by cron.</summary>
/// <param name="Compared">How many due times were held against each other, up to <see cref="Until"/>.</param>
/// <param name="Difference">The first difference; null when there is none.</param>
public sealed record ImportProof(int Compared, DateTimeOffset? Until, string? Difference)
{
    /// <summary>No zone's rules are known further ahead than this, and rare lines (29 February) must come to an end.</summary>
    static readonly DateTimeOffset _end = new(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="line">The original line's time fields.</param>
    /// <param name="end">Nothing is compared beyond this; null: the year 2090.</param>
    public static ImportProof Of(Schedule schedule, string line, DateTimeOffset from, int count, DateTimeOffset? end = null)
    {
        var last = end ?? _end;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone.Id);
        var due = DueTimes.After(schedule, from).Select(d => d.Due).Distinct().TakeWhile(d => d <= last).Take(count).ToList();
        // With fewer than were asked for, the walk goes on to the end: nothing more may come.
        var until = due.Count == count ? due[^1] : last;
        var walk = new MinuteWalk(line)
            .Between(Minute(from), Minute(until), zone)
            .Select(m => DateTimeOffset.UnixEpoch.AddMinutes(m))
            .GetEnumerator();
        var compared = 0;
        foreach (var time in due)
        {
            if (!walk.MoveNext())
                return new ImportProof(compared, time, $"the schedule is due at {Instants.Format(time)}, where cron starts nothing more");
            if (walk.Current != time)
                return new ImportProof(
                    compared, time,
                    $"the schedule is due at {Instants.Format(time)}, where cron starts the line at {Instants.Format(walk.Current)}");
            compared++;
        }

        return walk.MoveNext()
            ? new ImportProof(
                compared, walk.Current, $"cron starts the line at {Instants.Format(walk.Current)}, where the schedule is not due")
            : new ImportProof(compared, due.Count == 0 ? null : due[^1], null);
    }

    /// <summary>The same against times that somebody else reckoned.</summary>
    /// <param name="times">The next ones, in order; the last one ends the comparison.</param>
    public static ImportProof Against(Schedule schedule, IReadOnlyList<DateTimeOffset> times)
    {
        if (times.Count == 0)
            return new ImportProof(0, null, null);
        var due = DueTimes.After(schedule, times[0].AddSeconds(-1)).Select(d => d.Due).Take(times.Count).ToList();
        for (var i = 0; i < times.Count; i++)
        {
            if (i >= due.Count || due[i] != times[i])
                return new ImportProof(
                    i, times[i],
                    $"systemd is due at {Instants.Format(times[i])}, the "
                        + $"schedule {(i < due.Count ? $"at {Instants.Format(due[i])}" : "no more")}");
        }

        return new ImportProof(times.Count, times[^1], null);
    }

    static long Minute(DateTimeOffset time) => (long)Math.Floor(time.ToUnixTimeSeconds() / 60.0);
}
