namespace Maintenance.Schedules.Tests.DueTimes;

public sealed class TimingKindsTests
{
    [Fact]
    public void Intervals_count_from_1970_with_their_offset()
    {
        var schedule = Some.Schedule(""" "every": "6h", "offset": "1h30m" """);

        Assert.Equal(["2027-01-01T01:30:00Z", "2027-01-01T07:30:00Z"], schedule.Due("2026-12-31T19:30Z", 2));
    }

    /// <summary>By the zone's last rule, as systemd 252 says it, to the end of its time.</summary>
    [Theory]
    [InlineData("2150-07-01 00:00", "2150-06-30T22:00:00Z")]
    [InlineData("2199-12-31 23:30", "2199-12-31T22:30:00Z")]
    [InlineData("*-02-29", "2104-02-28T23:00:00Z")]
    public void A_systemd_expression_reaches_beyond_2100(string expression, string first)
    {
        var timing = BareTiming.Read("onCalendar", expression, "Europe/Berlin").Value!;

        Assert.Equal([first], timing.Due("2100-12-31T00:00Z", 1));
    }

    [Theory]
    [InlineData(""" "onCalendar": "2150-07-01 00:00" """)]
    [InlineData(""" "at": "2150-07-01T00:00" """)]
    [InlineData(""" "at": "2150-07-01T00:00Z" """)]
    public void A_schedule_that_is_due_only_when_no_server_starts_anything_more_is_refused(string timing)
    {
        var read = ScheduleFile.Read($$"""{ "schedules": [ { "id": "x", "job": "j", {{timing}} } ] }""", "f");

        Assert.Contains("a Temporal server's time ends with 2100", Assert.Single(read.Problems).Message);
        Assert.Equal("SCH024", read.Problems[0].Code);
    }

    [Fact]
    public void A_calendar_needs_both_day_fields()
    {
        var schedule = Some.Schedule(""" "calendar": { "dayOfWeek": "mon", "dayOfMonth": "1-7", "hour": 4 } """, "UTC");

        Assert.Equal(["2027-01-04T04:00:00Z", "2027-02-01T04:00:00Z", "2027-03-01T04:00:00Z"], schedule.Due("2027-01-01T00:00Z", 3));
    }

    [Fact]
    public void The_last_day_of_the_month_is_a_day_of_a_calendar()
    {
        var schedule = Some.Schedule(""" "calendar": { "dayOfMonth": ["last", 15], "year": 2028 } """, "UTC");

        Assert.Equal(["2028-01-15T00:00:00Z", "2028-01-31T00:00:00Z", "2028-02-15T00:00:00Z", "2028-02-29T00:00:00Z"], schedule.Due("2027-01-01T00:00Z", 4));
    }

    [Theory]
    [InlineData("\"2nd tue\"", "2027-01-12 2027-02-09 2027-03-09")]
    [InlineData("\"last fri\"", "2027-01-29 2027-02-26 2027-03-26")]
    [InlineData("[\"1st mon\", \"3rd mon\"]", "2027-01-04 2027-01-18 2027-02-01")]
    [InlineData("\"5th sun\"", "2027-01-31 2027-05-30 2027-08-29")]
    public void A_calendar_knows_the_numbered_days_of_the_week(string days, string due)
    {
        var schedule = Some.Schedule($$""" "calendar": { "dayOfWeek": {{days}} } """, "UTC");

        Assert.Equal(due, string.Join(' ', schedule.Due("2027-01-01T00:00Z", 3).Select(time => time[..10])));
    }

    [Theory]
    [InlineData("\"dayOfWeek\": [\"2nd tue\", \"1st mon\"]")]
    [InlineData("\"dayOfWeek\": [\"2nd tue\", \"fri\"]")]
    [InlineData("\"dayOfWeek\": \"2nd tue\", \"dayOfMonth\": 1")]
    public void Numbered_days_that_one_calendar_cannot_hold_are_refused(string fields)
    {
        var read = ScheduleFile.ReadResolved($$"""{ "id": "a", "job": "j", "calendar": { {{fields}} } }""");

        Assert.Contains("a calendar for each", Assert.Single(read.Problems).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_local_time_that_does_not_exist_runs_after_the_gap()
    {
        var schedule = Some.Schedule(""" "at": ["2027-03-28T02:30", "2027-04-01T10:00Z"] """);

        Assert.Equal(["2027-03-28T01:00:00Z", "2027-04-01T10:00:00Z"], schedule.Due("2026-01-01T00:00Z", 5));
    }

    [Fact]
    public void A_single_local_time_that_comes_twice_can_run_twice()
    {
        var schedule = Some.Schedule(""" "at": "2027-10-31T02:30", "dst": { "repeated": "both" } """);

        Assert.Equal(["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"], schedule.Due("2026-01-01T00:00Z", 5));
    }

    [Fact]
    public void Excluded_windows_and_only_windows_take_times_out()
    {
        var schedule = Some.Schedule(""" "cron": "0 * * * *", "exclude": [{ "dates": ["12-24..01-02"] }], "only": [{ "days": ["sat"], "times": ["22:00-02:00"] }] """, "UTC");

        Assert.Equal(
            ["2026-12-19T22:00:00Z", "2026-12-19T23:00:00Z", "2026-12-20T00:00:00Z", "2026-12-20T01:00:00Z", "2027-01-03T00:00:00Z"],
            schedule.Due("2026-12-19T00:00Z", 5));
    }

    [Fact]
    public void A_line_that_is_never_due_ends_the_search() =>
        Assert.Empty(Some.Schedule(""" "at": "2020-01-01T00:00" """).Due("2026-01-01T00:00Z", 1));

    [Fact]
    public void A_thousand_searches_for_a_rare_day_take_no_noticeable_time()
    {
        var schedule = Some.Schedule(""" "cron": "17 3 29 feb *" """);
        var started = TimeProvider.System.GetTimestamp();

        for (var i = 0; i < 1_000; i++)
            Assert.Single(schedule.Due("2025-01-01T00:00Z", 1));

        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }
}
