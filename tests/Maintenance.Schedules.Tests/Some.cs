namespace Maintenance.Schedules.Tests;

static class Some
{
    /// <summary>A schedule from its timing members, such as <c>"cron": "30 3 * * *"</c>; fails the test when it has a problem.</summary>
    public static Schedule Schedule(string members, string zone = "Europe/Berlin")
    {
        var read = ScheduleFile.ReadResolved($$"""{ "id": "some", "job": "some-job", "timeZone": "{{zone}}", {{members}} }""");
        Assert.True(read.Ok, string.Join("\n", read.Problems));
        return read.Value;
    }

    public static DateTimeOffset Instant(string text) => DateTimeOffset.FromUnixTimeSeconds(Vectors.Instant(text));

    public static List<string> Due(this Schedule schedule, string after, int count) =>
        [.. Maintenance.Schedules.DueTimes.After(schedule, Instant(after)).Take(count).Select(d => Instants.Format(d.Due))];
}
