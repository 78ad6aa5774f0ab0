namespace Maintenance.Schedules.Tests.Calendars;

public sealed class CalendarRuleTests
{
    [Theory]
    [InlineData(""" { "days": "last fri" } """, "2027-01-29 2027-02-26 2027-03-26")]
    [InlineData(""" { "days": ["2nd tue", "sun"], "month": "jan" } """, "2027-01-03 2027-01-10 2027-01-12")]
    [InlineData(""" { "days": "5th mon" } """, "2027-03-29 2027-05-31 2027-08-30")]
    [InlineData(""" { "dayOfMonth": ["last", "1-2"], "month": [2, 3] } """, "2027-02-01 2027-02-02 2027-02-28")]
    [InlineData(""" { "dates": "easter-2..easter+1" } """, "2027-03-26 2027-03-27 2027-03-28")]
    [InlineData(""" { "dates": ["easter+39", "easter+60"] } """, "2027-05-06 2027-05-27 2028-05-25")]
    [InlineData(""" { "rules": [ { "days": "1st mon" }, { "dates": "12-24..01-02", "days": "mon-fri" } ] } """, "2027-01-01 2027-01-04 2027-02-01")]
    [InlineData(""" { "days": "mon", "rules": [ { "dates": "01-06" } ] } """, "2027-01-04 2027-01-06 2027-01-11")]
    public void A_schedule_keeps_to_the_days_of_a_calendar(string calendar, string days)
    {
        var schedule = Some.Schedule($$""" "cron": "0 12 * * *", "only": {{calendar}} """, "UTC");

        Assert.Equal(days, string.Join(' ', schedule.Due("2027-01-01T00:00Z", 3).Select(time => time[..10])));
    }

    [Theory]
    [InlineData(2024, "2024-03-31")]
    [InlineData(2025, "2025-04-20")]
    [InlineData(2038, "2038-04-25")]
    [InlineData(2049, "2049-04-18")]
    [InlineData(2076, "2076-04-19")]
    [InlineData(2100, "2100-03-28")]
    public void Easter_is_where_the_tables_have_it(int year, string date) => Assert.Equal(date, $"{DateSpan.Easter(year):yyyy-MM-dd}");

    [Theory]
    [InlineData(""" { "days": "6th mon" } """)]
    [InlineData(""" { "days": "last funday" } """)]
    [InlineData(""" { "dates": "easter+200" } """)]
    [InlineData(""" { "dates": "easter..04-20" } """)]
    [InlineData(""" { "month": 13 } """)]
    [InlineData(""" { } """)]
    [InlineData(""" { "ics": "holidays.ics" } """)]
    [InlineData(""" { "rules": [ { } ] } """)]
    [InlineData(""" { "events": [ { "start": "2027-02-30" } ] } """)]
    [InlineData(""" { "events": [ { "start": "2027-02-03T10:00" } ] } """)]
    [InlineData(""" { "events": [ { "start": "2027-02-03", "end": "2027-02-03" } ] } """)]
    [InlineData(""" { "events": [ { "start": "2027-02-03", "repeat": "FREQ=HOURLY" } ] } """)]
    public void A_calendar_that_says_nothing_or_nonsense_is_refused(string calendar)
    {
        var read = ScheduleFile.ReadResolved($$"""{ "id": "a", "job": "j", "cron": "0 12 * * *", "only": {{calendar}} }""");

        Assert.NotEmpty(Assert.Single(read.Problems).Fix);
    }

    [Fact]
    public void Events_without_end_are_refused_before_they_fill_the_memory()
    {
        var events = string.Join(", ", Enumerable.Repeat("""{ "start": "2027-01-01", "repeat": "FREQ=DAILY" }""", 20));

        var read = ScheduleFile.ReadResolved($$"""{ "id": "a", "job": "j", "cron": "0 12 * * *", "exclude": { "events": [{{events}}] } }""");

        Assert.Contains("more than 200000 times", Assert.Single(read.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schedule_that_a_server_would_not_take_is_refused()
    {
        var events = string.Join(", ", Enumerable.Range(0, 15_000).Select(i => $$"""{ "start": "{{new DateOnly(2027, 1, 1).AddDays(i):yyyy-MM-dd}}", "end": "2070-01-01" }"""));

        var read = ScheduleFile.ReadResolved($$"""{ "id": "a", "job": "j", "cron": "0 12 * * *", "exclude": { "events": [{{events}}] } }""");

        Assert.Contains(read.Problems, p => p.Code == "SCH037");
    }

    [Fact]
    public void A_window_across_midnight_of_the_last_friday_goes_on_into_saturday()
    {
        var schedule = Some.Schedule(""" "every": "4h", "only": { "days": "last fri", "times": "20:00-08:00" } """, "UTC");

        Assert.Equal(["2027-01-29T20:00:00Z", "2027-01-30T00:00:00Z", "2027-01-30T04:00:00Z", "2027-02-26T20:00:00Z"], schedule.Due("2027-01-01T00:00Z", 4));
    }
}
