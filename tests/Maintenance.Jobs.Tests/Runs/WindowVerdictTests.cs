using System.Globalization;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Runs;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Tests.Runs;

public class WindowVerdictTests
{
    [Theory]
    // Berlin is an hour ahead of UTC in winter.
    [InlineData("2026-01-14T21:30Z", "", null, true, "")]
    [InlineData("2026-01-14T20:59Z", "", null, false, "2026-01-14T21:00Z")]
    [InlineData("2026-01-15T03:59Z", "", null, true, "")]
    [InlineData("2026-01-15T04:00Z", "", null, false, "2026-01-15T21:00Z")]
    // What takes two hours may start until 03:00 local.
    [InlineData("2026-01-15T02:00Z", "", "2h", true, "")]
    [InlineData("2026-01-15T02:01Z", "", "2h", false, "2026-01-15T21:00Z")]
    // Longer than the window: only as it opens.
    [InlineData("2026-01-14T21:10Z", "", "10h", true, "")]
    [InlineData("2026-01-14T23:10Z", "", "10h", false, "2026-01-15T21:00Z")]
    // 2026-01-14 is a Wednesday; the window that opened on it reaches into Thursday.
    [InlineData("2026-01-15T01:00Z", "wed", null, true, "")]
    [InlineData("2026-01-15T21:30Z", "wed", null, false, "2026-01-21T21:00Z")]
    // In summer two hours.
    [InlineData("2026-07-14T20:00Z", "", null, true, "")]
    public void A_step_starts_in_the_window_if_it_will_end_there(string now, string days, string? usual, bool fits, string opensAt)
    {
        var window = new WindowPlan { From = "22:00", To = "05:00", TimeZone = "Europe/Berlin", Days = days.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
        TimeSpan? takes = usual is null ? null : Durations.TryParse(usual, out var time) ? time : throw new ArgumentException(usual);

        var verdict = WindowVerdict.Of(window, Zones.Get("Europe/Berlin"), At(now), takes);

        Assert.Equal(fits, verdict.Fits);
        if (!fits)
            Assert.Equal(At(opensAt), verdict.OpensAt);
    }

    [Theory]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:00Z")] // left out: the change itself
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30Z")] // twice: the first
    [InlineData("2026-06-01", "2026-05-31T22:00Z")]
    [InlineData("2026-06-01T10:00Z", "2026-06-01T10:00Z")]
    [InlineData("2026-06-01T10:00+05:00", "2026-06-01T05:00Z")]
    [InlineData("23:30", "2026-01-14T22:30Z")]
    [InlineData("22:00", "2026-01-15T21:00Z")] // has just been: tomorrow's
    public void A_moment_is_an_instant_in_its_zone(string text, string instant) =>
        Assert.Equal(At(instant), LocalTimes.Next(MomentText.Parse(text)!, Zones.Get("Europe/Berlin"), At("2026-01-14T21:00Z")));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 19)]
    [InlineData(100, 95)]
    public void The_95th_percentile_is_one_of_the_durations(int count, int minutes) => Assert.Equal(
        TimeSpan.FromMinutes(minutes), WindowVerdict.Percentile95([.. Enumerable.Range(1, count).Reverse().Select(n => TimeSpan.FromMinutes(n))]));

    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUniversalTime();
}
