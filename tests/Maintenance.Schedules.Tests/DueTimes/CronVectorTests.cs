using System.Text.Json;

namespace Maintenance.Schedules.Tests.DueTimes;

/// <summary>The due times of cron lines against those of the real daemons.</summary>
public sealed class CronVectorTests
{
    static readonly DstRules _toTheLetter = new(MissingRule.Each, RepeatedRule.Auto);

    [Theory]
    [InlineData("due-times.json", 1000)]
    [InlineData("dst-times.json", 300)]
    public void Due_times_are_those_of_the_recorded_daemon(string file, int rows)
    {
        var cases = Vectors.Cases(file);
        var differences = cases.Select(NextTwenty).OfType<string>().ToList();

        Assert.Equal(rows, cases.Count);
        Vectors.AssertNone(differences, cases.Count);
    }

    static string? NextTwenty(JsonElement row)
    {
        var expected = row.Instants("due");
        var found = Runs(row.Text("expr"), row.Text("zone"), DstRules.Auto, Vectors.Instant(row.Text("start"))).Take(20).ToList();
        return Compare(row.Text("expr"), row.Text("zone"), expected, found);
    }

    [Fact]
    public void Starts_around_a_clock_change_are_those_of_the_daemon_each_lost_time_included()
    {
        var cases = Vectors.Cases("cron-dst.json");
        var differences = cases.Select(row => Window(row, row.Text("from"), row.Text("to"))).OfType<string>().ToList();

        Assert.Equal(410, cases.Count);
        Vectors.AssertNone(differences, cases.Count);
    }

    [Fact]
    public void Starts_around_a_change_of_the_zones_rules_are_those_of_the_daemon()
    {
        var cases = Vectors.Cases("cron-zone-changes.json").Where(row => row.Text("daemon") == "debian").ToList();
        var differences = cases.Select(row => Window(row, row.Text("from"), row.Text("to"))).OfType<string>().ToList();

        Vectors.AssertNone(differences, cases.Count);
    }

    static string? Window(JsonElement row, string from, string to)
    {
        var zone = Maintenance.Schedules.Zones.Get(row.Text("zone"));
        var (start, end) = (Vectors.Local(from), Vectors.Local(to));
        var (startAt, endAt) = (start - zone.OffsetAt(start - zone.OffsetAt(start)), end - zone.OffsetAt(end - zone.OffsetAt(end)));
        var found = Runs(row.Text("line"), zone.Id, _toTheLetter, startAt).TakeWhile(t => t < endAt).ToList();
        // The recording's last minute is in some rows and not in others.
        var expected = row.Instants("fires").Where(t => t < endAt).ToList();
        return Compare(row.Text("line"), zone.Id, expected, found);
    }

    static IEnumerable<long> Runs(string line, string zone, DstRules rules, long after)
    {
        Assert.True(CronExpression.TryParse(line, out var cron, out var errors), $"{line}: {string.Join(" ", errors)}");
        return ZonedTimes.After(cron.Fields, Maintenance.Schedules.Zones.Get(zone), rules, after)
            .Where(e => e.Kind == TimingEventKind.Due)
            .SelectMany(e => Enumerable.Repeat(e.At, e.Runs));
    }

    static string? Compare(string line, string zone, IReadOnlyList<long> expected, IReadOnlyList<long> found) =>
        expected.SequenceEqual(found) ? null : $"{line} in {zone}\n  expected {Vectors.Show(expected)}\n  found    {Vectors.Show(found)}";
}
