namespace Maintenance.Schedules.Tests.DueTimes;

/// <summary>Berlin skips 02:00 to 03:00 on 2027-03-28 (at 01:00Z) and repeats it on 2027-10-31 (at 01:00Z).</summary>
public sealed class DstRulesTests
{
    [Theory]
    [InlineData("0,30 2 * * *", "auto", "01:00")]
    [InlineData("0,30 2 * * *", "shift", "01:00")]
    [InlineData("0,30 2 * * *", "skip", "")]
    [InlineData("0,30 2 * * *", "each", "01:00 01:00")]
    [InlineData("*/30 2 * * *", "auto", "")]
    [InlineData("*/30 2 * * *", "shift", "01:00")]
    [InlineData("*/30 2 * * *", "each", "")]
    [InlineData("0 2,3 * * *", "auto", "01:00")]
    [InlineData("0 2,3 * * *", "each", "01:00 01:00")]
    [InlineData("0 2,3 * * *", "skip", "01:00")]
    public void Missing_local_times_follow_the_choice(string cron, string missing, string due)
    {
        var schedule = Some.Schedule($$""" "cron": "{{cron}}", "dst": { "missing": "{{missing}}" } """);

        Assert.Equal(due, Times(schedule, "2027-03-27T22:00Z", "2027-03-28T12:00Z"));
    }

    [Theory]
    [InlineData("30 2 * * *", "auto", "00:30")]
    [InlineData("30 2 * * *", "first", "00:30")]
    [InlineData("30 2 * * *", "second", "01:30")]
    [InlineData("30 2 * * *", "both", "00:30 01:30")]
    [InlineData("*/30 2 * * *", "auto", "00:00 00:30 01:00 01:30")]
    [InlineData("*/30 2 * * *", "first", "00:00 00:30")]
    [InlineData("*/30 2 * * *", "second", "01:00 01:30")]
    public void Repeated_local_times_follow_the_choice(string cron, string repeated, string due)
    {
        var schedule = Some.Schedule($$""" "cron": "{{cron}}", "dst": { "repeated": "{{repeated}}" } """);

        Assert.Equal(due, Times(schedule, "2027-10-30T22:00Z", "2027-10-31T12:00Z"));
    }

    [Fact]
    public void Lost_times_of_several_lines_of_one_schedule_are_one_run()
    {
        var schedule = Some.Schedule(""" "cron": ["15 2 * * *", "45 2 * * *", "0 3 * * *"] """);

        Assert.Equal("01:00", Times(schedule, "2027-03-27T22:00Z", "2027-03-28T12:00Z"));
    }

    [Fact]
    public void Lost_times_of_several_lines_each_run_when_asked_and_have_names_of_their_own()
    {
        var schedule = Some.Schedule(""" "cron": ["15,30 2 * * *", "45 2 * * *", "0 3 * * *"], "dst": { "missing": "each" } """);
        var due = Maintenance.Schedules.DueTimes.After(schedule, Some.Instant("2027-03-27T22:00Z")).TakeWhile(d => d.Due < Some.Instant("2027-03-28T12:00Z")).ToList();

        Assert.Equal(4, due.Count);
        Assert.All(due, d => Assert.Equal(Some.Instant("2027-03-28T01:00Z"), d.Due));
        Assert.Equal(4, due.Select(d => d.Nominal).Distinct().Count());
    }

    static string Times(Schedule schedule, string from, string to) => string.Join(" ", Maintenance.Schedules.DueTimes
        .After(schedule, Some.Instant(from)).TakeWhile(d => d.Due < Some.Instant(to)).Select(d => d.Due.ToString("HH:mm")));
}
