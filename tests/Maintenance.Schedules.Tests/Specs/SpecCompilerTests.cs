namespace Maintenance.Schedules.Tests.Specs;

public sealed class SpecCompilerTests
{
    static readonly DateTimeOffset _now = Some.Instant("2026-11-23T20:00Z");

    [Theory]
    [InlineData("30 4 * * *", "Europe/Berlin", SpecForm.Local, 1)]
    [InlineData("0 9 1 * mon", "Europe/Berlin", SpecForm.Local, 2)]
    [InlineData("0 9 */2 * mon", "Europe/Berlin", SpecForm.Local, 1)]
    [InlineData("30 2 * * *", "Asia/Kolkata", SpecForm.Local, 1)]
    [InlineData("* * * * *", "UTC", SpecForm.Local, 1)]
    [InlineData("*/15 * * * *", "Europe/Berlin", SpecForm.Utc, 1)]
    [InlineData("10 * * * *", "Asia/Kolkata", SpecForm.Local, 1)]
    [InlineData("*/30 * * * *", "Australia/Lord_Howe", SpecForm.Utc, 1)]
    [InlineData("10 * * * *", "Australia/Lord_Howe", SpecForm.Listed, 30)]
    [InlineData("30 2 * * *", "Europe/Berlin", SpecForm.Listed, 16)]
    [InlineData("30 2 * * mon-fri", "Europe/Berlin", SpecForm.Listed, 20)]
    [InlineData("30 1 * * *", "Europe/Berlin", SpecForm.Listed, 16)]
    [InlineData("0 0-23 * * *", "Europe/Berlin", SpecForm.Listed, 16)]
    [InlineData("*/10 1-3 1 * mon", "Europe/Berlin", SpecForm.Listed, 120)]
    [InlineData("@daily", "America/Havana", SpecForm.Listed, 16)]
    public void A_line_goes_to_the_server_in_the_simplest_form_that_is_right(string cron, string zone, SpecForm form, int calendarsMax)
    {
        var spec = SpecCompiler.Compile(Some.Schedule($$""" "cron": "{{cron}}" """, zone), _now).Spec!;

        Assert.Equal(form, spec.Form);
        Assert.True(spec.Calendars.Count <= calendarsMax, spec.ToString());
    }

    [Theory]
    [InlineData(""" "cron": "30 2 * * *" """)]
    [InlineData(""" "cron": "30 4 * * *" """)]
    [InlineData(""" "cron": "0 9 1 * mon" """)]
    [InlineData(""" "cron": "*/15 * * * *" """)]
    [InlineData(""" "cron": "0-59/20 * * * *" """)]
    [InlineData(""" "cron": ["*/20 2 * * *", "5 1 * * mon"] """)]
    [InlineData(""" "cron": "0,15,30,45 2 * * *", "dst": { "missing": "each", "repeated": "both" } """)]
    [InlineData(""" "cron": "30 2 * * *", "dst": { "missing": "skip", "repeated": "second" } """)]
    [InlineData(""" "cron": "0 0 1,15 * fri" """)]
    [InlineData(""" "cron": "*/5 8-17 * * mon-fri", "exclude": [{ "dates": ["12-24..01-02", "2027-05-01"] }, { "days": "fri", "times": "12:00-17:00" }] """)]
    [InlineData(""" "every": "90m", "offset": "10m", "only": [{ "times": ["22:00-06:00"] }] """)]
    [InlineData(""" "every": "7h", "at": ["2027-10-31T02:30", "2027-06-01T00:00:30Z"] """)]
    [InlineData(""" "calendar": { "dayOfMonth": "last", "hour": [2, 18] } """)]
    [InlineData(""" "onCalendar": ["Mon *-*~07/1 03:00", "*-*-* 2..3:0/30 America/New_York"] """)]
    public void The_server_is_due_exactly_when_the_schedule_is(string members)
    {
        foreach (var zone in new[] { "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Chatham", "Africa/Casablanca" })
        {
            var schedule = Some.Schedule(members, zone);
            var spec = SpecCompiler.Compile(schedule, _now).Spec!;
            foreach (var (from, to) in Windows(schedule.TimeZone))
            {
                var expected = Maintenance.Schedules.DueTimes.After(schedule, DateTimeOffset.FromUnixTimeSeconds(from - 1)).Select(d => d.Nominal.ToUnixTimeSeconds()).TakeWhile(t => t < to);

                Assert.Equal(Vectors.Show(expected), Vectors.Show(ServerTimes.Between(spec, from, to)));
            }
        }
    }

    /// <summary>Four days around every clock change of the next 450, the turn of the year, and a month in which nothing happens.</summary>
    static IEnumerable<(long From, long To)> Windows(Zone zone)
    {
        var (from, to) = (_now.ToUnixTimeSeconds(), _now.AddDays(450).ToUnixTimeSeconds());
        foreach (var change in zone.Periods(from, to).Skip(1))
            yield return (change.Start - (2 * 86_400), change.Start + (2 * 86_400));
        yield return (Vectors.Instant("2026-12-23T00:00Z"), Vectors.Instant("2027-01-04T00:00Z"));
        yield return (Vectors.Instant("2027-04-25T00:00Z"), Vectors.Instant("2027-06-02T00:00Z"));
    }

    [Fact]
    public void The_list_changes_once_a_quarter_and_not_with_every_look()
    {
        var schedule = Some.Schedule(""" "cron": "30 2 * * *" """);

        string Compiled(string now) => SpecCompiler.Compile(schedule, Some.Instant(now)).Spec!.ToString();

        Assert.Equal(Compiled("2026-10-01T00:00Z"), Compiled("2026-12-31T23:59Z"));
        Assert.True(SpecCompiler.Horizon(Some.Instant("2026-12-31T23:59Z")).To > Some.Instant("2026-12-31T23:59Z").AddDays(400));
        Assert.NotEqual(Compiled("2026-12-31T23:59Z"), Compiled("2027-01-01T00:00Z"));
    }

    [Fact]
    public void A_line_that_needs_too_many_calendars_is_refused_with_advice()
    {
        var windows = string.Join(", ", Enumerable.Range(0, 150).Select(i => $$"""{ "dates": ["{{new DateOnly(2027, 1, 1).AddDays(i * 4):yyyy-MM-dd}}"], "times": ["{{i % 20:00}}:{{i % 60:00}}-23:59"] }"""));
        var schedule = Some.Schedule($$""" "every": "13m", "exclude": [{ "rules": [{{windows}}] }] """);

        var result = SpecCompiler.Compile(schedule, _now);

        Assert.Null(result.Spec);
        Assert.Contains("calendars on the server, more than 400", result.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(result.Fix!);
    }
}
