namespace Maintenance.Schedules.Tests.DueTimes;

/// <summary>
/// The promises at every clock change of every zone from 2000 to 2040, counted the plain way: each minute of the two days around the change is
/// looked at on its own.
/// </summary>
public sealed class EveryTransitionTests
{
    const int Limit = 3 * 3600;
    static readonly long _from = Vectors.Instant("2000-01-01T00:00Z");
    static readonly long _to = Vectors.Instant("2041-01-01T00:00Z");

    [Fact]
    public void A_daily_time_runs_once_for_each_local_day_that_has_it_or_lost_it()
    {
        var (changes, differences) = (0, new List<string>());
        foreach (var (zone, period) in Changes())
        {
            changes++;
            // In the middle of what is skipped or repeated, to the minute.
            var local = (Math.Min(period.OffsetBefore, period.Offset) + period.Start + (Math.Abs(period.Offset - period.OffsetBefore) / 2)) / 60 * 60;
            var at = DateTime.UnixEpoch.AddSeconds(local);
            var fields = Line($"{at.Minute} {at.Hour} * * *");
            var runs = Runs(fields, zone, period.Start - 86_400, period.Start + 86_400).Count(t => Math.Abs(t + zone.OffsetAt(t) - local) < 43_200);
            var expected = Math.Abs(period.Offset - period.OffsetBefore) <= Limit ? 1 : period.Offset > period.OffsetBefore ? 0 : 2;
            if (runs != expected && zone.Periods(period.Start - 86_400, period.Start + 86_400).Count() == 2)
                differences.Add($"{zone} {Instants.Format(period.Start)}: {runs} runs of {at:HH:mm}, expected {expected}");
        }

        Vectors.AssertNone(differences, changes);
        Assert.True(changes > 10_000, $"only {changes} changes");
    }

    [Fact]
    public void A_wildcard_line_runs_in_every_minute_that_matches_and_never_twice()
    {
        var (changes, differences) = (0, new List<string>());
        var fields = Line("*/20 * * * *");
        foreach (var (zone, period) in Changes())
        {
            changes++;
            var (start, end) = (period.Start - 10_800, period.Start + 10_800);
            var expected = Enumerable.Range(0, 361).Select(m => (start / 60 * 60) + (m * 60L))
                .Where(t => t > start && t < end && (t + zone.OffsetAt(t)) / 60 % 20 == 0 && (t + zone.OffsetAt(t)) % 60 == 0);
            if (period.Offset % 60 == 0 && period.OffsetBefore % 60 == 0 && !expected.SequenceEqual(Runs(fields, zone, start, end)))
                differences.Add($"{zone} {Instants.Format(period.Start)}");
        }

        Vectors.AssertNone(differences, changes);
    }

    static IEnumerable<(Zone Zone, ZonePeriod Period)> Changes() =>
        from name in Maintenance.Schedules.Zones.Names
        let zone = Maintenance.Schedules.Zones.Get(name)
        from period in zone.Periods(_from, _to).Skip(1)
        select (zone, period);

    static FieldSet Line(string cron)
    {
        Assert.True(CronExpression.TryParse(cron, out var expression, out _));
        return expression.Fields;
    }

    static IEnumerable<long> Runs(FieldSet fields, Zone zone, long after, long before) => ZonedTimes.After(fields, zone, DstRules.Auto, after)
        .TakeWhile(e => e.At < before).Where(e => e.Kind == TimingEventKind.Due).Select(e => e.At);
}
