using Maintenance.Schedules.Tests.Files;

namespace Maintenance.Schedules.Tests.Calendars;

public sealed class IcsTests
{
    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20270501", "2027-05-01")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nDTEND;VALUE=DATE:20270503", "2027-05-01 2027-05-02")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nDURATION:P2D", "2027-05-01 2027-05-02")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRRULE:FREQ=YEARLY;COUNT=2", "2027-05-01 2028-05-01")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRRULE:FREQ=YEARLY;UNTIL=20290501\r\nEXDATE;VALUE=DATE:20280501", "2027-05-01 2029-05-01")]
    [InlineData("DTSTART;VALUE=DATE:20270129\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "2027-01-29 2027-02-26 2027-03-26")]
    [InlineData("DTSTART;VALUE=DATE:20271125\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2", "2027-11-25 2028-11-23")]
    [InlineData("DTSTART;VALUE=DATE:20270131\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2027-01-31 2027-02-28 2027-03-31")]
    [InlineData("DTSTART;VALUE=DATE:20270131\r\nRRULE:FREQ=MONTHLY;COUNT=3", "2027-01-31 2027-03-31 2027-05-31")]
    [InlineData("DTSTART;VALUE=DATE:20270104\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4", "2027-01-04 2027-01-08 2027-01-18 2027-01-22")]
    [InlineData("DTSTART;VALUE=DATE:20270103\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU;COUNT=3", "2027-01-03 2027-01-05 2027-01-17")]
    [InlineData("DTSTART;VALUE=DATE:20270103\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU;COUNT=3", "2027-01-03 2027-01-12 2027-01-17")]
    [InlineData("DTSTART;VALUE=DATE:20270101\r\nRRULE:FREQ=DAILY;INTERVAL=10;BYMONTH=1;COUNT=5", "2027-01-01 2027-01-11 2027-01-21 2027-01-31 2028-01-06")]
    [InlineData("DTSTART;VALUE=DATE:20280229\r\nRRULE:FREQ=YEARLY;COUNT=2", "2028-02-29 2032-02-29")]
    [InlineData("DTSTART;VALUE=DATE:20270517\r\nRRULE:FREQ=YEARLY;BYDAY=20MO;COUNT=2", "2027-05-17 2028-05-15")]
    [InlineData("DTSTART;TZID=Europe/Berlin:20270501T110000\r\nDTEND;TZID=Europe/Berlin:20270501T150000", "2027-05-01")]
    [InlineData("DTSTART:20270501T110000Z\r\nDTEND:20270501T120000Z", "")]
    [InlineData("DTSTART:20270501T110000Z\r\nDTEND:20270501T120001Z", "2027-05-01")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nSTATUS:CANCELLED", "")]
    [InlineData("DTSTART;VALUE=DA\r\n TE:2027\r\n\t0501\r\nSUMMARY:a long\r\n  one: with\\, a colon", "2027-05-01")]
    public void The_days_of_a_file_are_those_of_its_events(string @event, string days)
    {
        var set = Read(@event);

        Assert.Empty(set.Problems);
        var schedule = set.Value!.Schedules[0];
        var found = schedule.Due("2026-12-31T23:00Z", 6);
        Assert.Equal(days, string.Join(' ', found.Select(time => time[..10])));
        // Without the file, as a run has it.
        Assert.Equal(found, ScheduleFile.ReadResolved(schedule.ResolvedJson).Value!.Due("2026-12-31T23:00Z", 6));
    }

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRDATE:20270601", 4, "RDATE is not supported")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRRULE:FREQ=YEARLY;BYSETPOS=1", 4, "BYSETPOS is not supported")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRRULE:FREQ=HOURLY", 4, "FREQ=HOURLY is not understood")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRRULE:FREQ=WEEKLY;BYDAY=2MO", 4, "BYDAY with a number")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRRULE:FREQ=YEARLY;BYMONTH=6", 4, "no day of its own rule")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRRULE:FREQ=YEARLY;COUNT=2;UNTIL=20300101", 4, "exclude each other")]
    [InlineData("DTSTART;TZID=Central Time:20270501T100000\r\nDURATION:PT1H", 3, "not a time zone")]
    [InlineData("DTSTART;VALUE=DATE:20270501\r\nRECURRENCE-ID:20270501", 4, "RECURRENCE-ID is not supported")]
    [InlineData("DTSTART:20270501T100000Z", 3, "no length")]
    [InlineData("DTSTART:20270501T100000Z\r\nDTEND;TZID=Europe/Berlin:20270501T130000", 4, "another kind or zone")]
    [InlineData("DTSTART:tomorrow", 3, "no date or time")]
    [InlineData("SUMMARY:nothing", 3, "no DTSTART")]
    public void What_is_not_understood_is_refused_by_name_in_the_file_that_has_it(string @event, int line, string message)
    {
        var problem = Assert.Single(Read(@event).Problems);

        Assert.Equal(("/site/teams/holidays.ics", line, "SCH041"), (problem.File, problem.Line, problem.Code));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void A_file_that_ends_too_early_is_refused() =>
        Assert.Contains("no complete iCalendar file", Assert.Single(Files("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270501\r\n").Read().Problems).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_too_large_is_refused() =>
        Assert.Equal("SCH040", Assert.Single(Files(new string('x', (1024 * 1024) + 1)).Read().Problems).Code);

    static ReadResult<ScheduleSet> Read(string @event) =>
        Files($"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{@event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").Read();

    static Texts Files(string ics) => new Texts()
        .With("schedules.json", """{ "$include": "teams/", "schedules": [ { "id": "a", "job": "j", "cron": "0 12 * * *", "only": "holidays" } ] }""")
        .With("teams/db.json", """{ "calendars": { "holidays": { "ics": "holidays.ics" } } }""")
        .With("teams/holidays.ics", ics);
}
