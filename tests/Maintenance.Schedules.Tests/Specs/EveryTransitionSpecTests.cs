namespace Maintenance.Schedules.Tests.Specs;

/// <summary>
/// What a server that only knows UTC does around every clock change of every zone from 2000 to 2040 with the spec that it would have got a month before:
/// exactly what the schedule promises.
/// </summary>
public sealed class EveryTransitionSpecTests
{
    const long Day = 86_400;
    static readonly long _from = Vectors.Instant("2000-01-01T00:00Z");
    static readonly long _to = Vectors.Instant("2041-01-01T00:00Z");

    // From the middle of what is lost or repeated: minute and hour.
    static readonly string[] _lines = ["{0} {1} * * *", "*/20 {1} * * *", "0,30 0-23 * * *", "{0} {1} 1-20 * mon-fri", "@daily"];

    [Fact]
    public void A_sample_of_all_changes_is_due_on_the_server_as_promised() => Compare(every: 80);

    [Fact]
    [Trait("Category", "Long")]
    public void Every_change_is_due_on_the_server_as_promised() => Compare(every: 1);

    static void Compare(int every)
    {
        var differences = new List<string>();
        var count = 0;
        foreach (var (zone, change) in Changes().Where((_, index) => index % every == 0))
        {
            var line = LineAt(change, _lines[count++ % _lines.Length]);
            var schedule = Some.Schedule($$""" "cron": "{{line}}" """, zone.Id);
            var spec = SpecCompiler.Compile(schedule, DateTimeOffset.FromUnixTimeSeconds(change.Start - (30 * Day))).Spec;
            var (start, end) = (change.Start - Day, change.Start + Day);
            var promised = Maintenance.Schedules.DueTimes.After(schedule, DateTimeOffset.FromUnixTimeSeconds(start - 1))
                .Select(d => d.Nominal.ToUnixTimeSeconds()).TakeWhile(t => t < end).ToList();
            if (spec is null || !promised.SequenceEqual(ServerTimes.Between(spec, start, end)))
                differences.Add($"{line} in {zone} at {Instants.Format(change.Start)}");
        }

        Vectors.AssertNone(differences, count);
        Assert.True(count > 5_000 / every, $"only {count} changes");
    }

    static string LineAt(ZonePeriod change, string line)
    {
        var middle = change.Start + Math.Min(change.OffsetBefore, change.Offset) + (Math.Abs(change.Offset - change.OffsetBefore) / 2);
        var at = DateTime.UnixEpoch.AddSeconds(middle / 60 * 60);
        return string.Format(System.Globalization.CultureInfo.InvariantCulture, line, at.Minute, at.Hour);
    }

    /// <summary>Those of zones that are the same under two names count once.</summary>
    static IEnumerable<(Zone Zone, ZonePeriod Change)> Changes() =>
        from zone in Maintenance.Schedules.Zones.Names.Select(Maintenance.Schedules.Zones.Get)
            .DistinctBy(zone => string.Join(' ', zone.Periods(_from, _to).Select(p => (p.Start, p.Offset))))
        from change in zone.Periods(_from, _to).Skip(1)
        where change.Start >= _from
        select (zone, change);
}
