namespace Maintenance.Schedules.Tests.Next;

public sealed class NextTests
{
    [Fact]
    public void Next_times_come_with_one_note_for_each_thing_that_a_clock_change_does()
    {
        var schedule = BareTiming.Read("cron", "*/15 2 * * *", "Europe/Berlin").Value!;

        var spring = NextTimes.Of(schedule, Some.Instant("2027-03-27T12:00Z"), 2);
        var autumn = NextTimes.Of(schedule, Some.Instant("2027-10-30T12:00Z"), 8);

        Assert.Equal("2027-03-29T00:00:00Z", Instants.Format(spring.Times[0]));
        Assert.Equal(["2027-03-28T01:00:00Z: 4 times from 02:00 to 02:45 do not exist on 2027-03-28 in Europe/Berlin; not made up."], spring.Notes);
        Assert.Equal(
            ["2027-10-31T00:00:00Z: 02:00 comes twice on 2027-10-31 in Europe/Berlin; this is the first time.", "2027-10-31T01:00:00Z: 02:00 comes twice on 2027-10-31 in Europe/Berlin; this is the second time."],
            autumn.Notes);
    }

    [Fact]
    public void A_line_that_is_never_due_has_no_times_and_says_so()
    {
        var next = NextTimes.Of(BareTiming.Read("cron", "0 0 30 2 *", "UTC").Value!, Some.Instant("2027-01-01T00:00Z"), 3);

        Assert.Empty(next.Times);
        Assert.Equal(["It is not due any more: no date matches."], next.Notes);
    }

    [Theory]
    [InlineData("cron", "0 0 * * 5#2", 9)]
    [InlineData("onCalendar", "*-*-*/2", 5)]
    [InlineData("every", "5 minutes", 1)]
    public void A_bad_expression_is_refused_with_its_column(string member, string text, int column)
    {
        var read = BareTiming.Read(member, text, "UTC");

        Assert.False(read.Ok);
        Assert.Equal((member, column), (read.Problems[0].File, read.Problems[0].Column));
    }

    [Theory]
    [InlineData("timeZone", "Mars/Phobos", null)]
    [InlineData("offset", "UTC", "7h")]
    public void A_problem_beside_the_expression_names_the_member(string member, string zone, string? offset)
    {
        var read = BareTiming.Read("every", "6h", zone, offset: offset);

        Assert.Equal((member, 1), (Assert.Single(read.Problems).File, read.Problems[0].Column));
    }

    [Fact]
    public void A_leap_day_is_found_as_often_as_it_was_asked_for()
    {
        var next = NextTimes.Of(BareTiming.Read("cron", "0 0 29 2 *", "UTC").Value!, Some.Instant("2026-01-01T00:00Z"), 18);

        Assert.Equal((18, "2096-02-29T00:00:00Z"), (next.Times.Count, Instants.Format(next.Times[^1])));
        Assert.Empty(next.Notes);
    }

    [Fact]
    public void Fewer_times_than_asked_for_are_explained()
    {
        var next = NextTimes.Of(BareTiming.Read("at", "2027-01-01T00:00Z", "UTC").Value!, Some.Instant("2026-01-01T00:00Z"), 3);

        Assert.Equal(["It is not due any more after this time."], next.Notes);
    }

    [Fact]
    public void A_search_that_calendars_keep_empty_ends_and_says_so()
    {
        var schedule = Some.Schedule(""" "every": "1s", "only": [{ "dates": "2020-01-01" }] """);

        var next = NextTimes.Of(schedule, Some.Instant("2027-01-01T00:00Z"), 1);

        Assert.Empty(next.Times);
        Assert.Contains("all taken out by calendars", next.Notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Jitter_is_told_beside_the_times()
    {
        var schedule = Some.Schedule(""" "cron": "30 4 * * *", "jitter": "5m" """);

        Assert.Equal(["Each start comes up to 5m after its due time (jitter)."], NextTimes.Of(schedule, Some.Instant("2027-06-01T00:00Z"), 2).Notes);
    }

    [Theory]
    [InlineData("30 3 * * *", "at 03:30 (Europe/Berlin)")]
    [InlineData("* * * * *", "every minute (Europe/Berlin)")]
    [InlineData("*/15 9-17 * * mon-fri", "every 15 minutes from 09:00 to 17:45 on Monday to Friday (Europe/Berlin)")]
    [InlineData("0 0 1 * 1", "at 00:00 on day 1 of the month and on Monday (Europe/Berlin)")]
    [InlineData("0 0 */2 * 1", "at 00:00 on Monday if it is day 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29 and 31 of the month (Europe/Berlin)")]
    [InlineData("5 4 1,15 jan,jul *", "at 04:05 on day 1 and 15 of the month in January and July (Europe/Berlin)")]
    [InlineData("5,35 * * * *", "at minute 5 and 35 of every hour (Europe/Berlin)")]
    public void A_timing_is_said_as_a_sentence(string cron, string sentence) =>
        Assert.Equal(sentence, TimingSentence.Of(Some.Schedule($$""" "cron": "{{cron}}" """)));
}
