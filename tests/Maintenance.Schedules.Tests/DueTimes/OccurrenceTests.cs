namespace Maintenance.Schedules.Tests.DueTimes;

public sealed class OccurrenceTests
{
    static readonly Schedule _nightly = Some.Schedule(""" "cron": "30 2 * * *", "startBy": "2h", "exclude": [{ "dates": ["2027-12-24"] }] """);

    [Theory]
    [InlineData("2027-06-01T00:30Z", typeof(OccurrenceVerdict.Due), "")]
    [InlineData("2027-06-01T00:31Z", typeof(OccurrenceVerdict.NotDue), "is no due time of some")]
    [InlineData("2027-03-28T01:00Z", typeof(OccurrenceVerdict.Due), "02:30 does not exist on 2027-03-28 in Europe/Berlin; one run right after the change, at 03:00.")]
    [InlineData("2027-10-31T00:30Z", typeof(OccurrenceVerdict.Due), "this is the first time")]
    [InlineData("2027-10-31T01:30Z", typeof(OccurrenceVerdict.Merged), "this is the second time, the other one runs")]
    [InlineData("2027-12-24T01:30Z", typeof(OccurrenceVerdict.NotDue), "02:30 on 2027-12-24 is excluded by a calendar of its own.")]
    public void A_nominal_time_is_judged_by_the_schedule_as_applied(string nominal, Type verdict, string reason)
    {
        var found = Occurrence.Check(_nightly.ResolvedJson, Some.Instant(nominal), Some.Instant(nominal).AddSeconds(1));

        Assert.IsType(verdict, found);
        Assert.Contains(reason, found.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "exclude": "holy" """, "is excluded by calendar 'holy'.")]
    [InlineData(""" "only": "holy" """, "is outside of its only calendar, 'holy'.")]
    [InlineData(""" "only": { "times": "22:00-23:00" } """, "is outside of the only times that it has.")]
    public void What_a_calendar_takes_out_is_told_with_its_name_also_of_the_schedule_as_applied(string calendars, string reason)
    {
        var file = $$"""
            { "calendars": { "holy": { "dates": "{{(calendars.Contains("only", StringComparison.Ordinal) ? "12-25" : "12-24")}}" } },
              "schedules": [ { "id": "a", "job": "j", "cron": "30 2 * * *", {{calendars}} } ] }
            """;
        var applied = ScheduleFile.Read(file, "schedules.json").Value!.Schedules[0].ResolvedJson;

        var at = Some.Instant("2027-12-24T02:30Z");

        Assert.Equal($"02:30 on 2027-12-24 {reason}", Occurrence.Check(applied, at, at).Reason);
    }

    [Theory]
    [InlineData("2027-06-01T00:31Z", false)]
    [InlineData("2027-10-31T02:00Z", true)]
    public void A_start_that_is_no_due_time_can_be_the_servers_fault_only_near_a_clock_change(string nominal, bool near)
    {
        var found = Occurrence.Check(_nightly, Some.Instant(nominal), Some.Instant(nominal));

        Assert.Equal(near, Assert.IsType<OccurrenceVerdict.NotDue>(found).NearClockChange);
    }

    [Fact]
    public void A_start_beyond_start_by_is_too_late()
    {
        var found = Occurrence.Check(_nightly, Some.Instant("2027-06-01T00:30Z"), Some.Instant("2027-06-01T02:31Z"));

        Assert.IsType<OccurrenceVerdict.TooLate>(found);
        Assert.Contains("2h1m later, beyond startBy 2h", found.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_of_several_lost_times_is_due_under_its_own_name()
    {
        var schedule = Some.Schedule(""" "cron": "0,15,30,45 2 * * *", "dst": { "missing": "each" } """);
        var first = Some.Instant("2027-03-28T01:00Z");

        var verdicts = Enumerable.Range(0, 5).Select(i => Occurrence.Check(schedule, first.AddSeconds(i), first.AddSeconds(5)) is OccurrenceVerdict.Due);

        Assert.Equal([true, true, true, true, false], verdicts);
    }
}
