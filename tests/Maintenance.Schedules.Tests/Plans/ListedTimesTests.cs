namespace Maintenance.Schedules.Tests.Plans;

/// <summary>A country drops its summer time: the list on the server was made with the old rules, the new one is made with the new ones.</summary>
public sealed class ListedTimesTests
{
    static readonly DateTimeOffset _now = Some.Instant("2027-02-10T00:00Z");

    static Schedule At(Zone zone)
    {
        var schedule = Some.Schedule(""" "cron": "30 2 * * *" """);
        return schedule with { TimeZone = zone, Timings = [.. schedule.Timings.OfType<FieldsTiming>().Select(t => t with { Zone = zone })] };
    }

    [Fact]
    public void A_change_of_the_rules_shows_the_times_that_it_moves_and_no_others()
    {
        var old = At(Maintenance.Schedules.Zones.Get("Europe/Berlin"));
        var @new = At(new Zone("Europe/Berlin", [long.MinValue], [3600]));
        var (told, wanted) = (SpecCompiler.Compile(old, _now).Spec!, SpecCompiler.Compile(@new, _now).Spec!);
        // Without any change of the clock the new spec needs no list any more; a list of it is what the server would have to be told otherwise.
        Assert.Equal((SpecForm.Listed, SpecForm.Local), (told.Form, wanted.Form));

        var changes = DueTimeChanges.Between(ListedTimes.On(old, told.Calendars), @new, _now, _now.AddDays(90));

        var summerDays = (int)(_now.AddDays(90) - Some.Instant("2027-03-28T00:00Z")).TotalDays;
        Assert.Equal((90, 90), (changes.Before, changes.After));
        // On the day of the change the lost 02:30 ran at 03:00, which is 01:00Z; now it runs at 02:30, which is 01:30Z.
        Assert.Equal("2027-03-28T01:00:00Z", Instants.Format(changes.FirstRemoved[0]));
        Assert.Equal("2027-03-28T01:30:00Z", Instants.Format(changes.FirstAdded[0]));
        Assert.Equal((summerDays, summerDays), (changes.Added, changes.Removed));
    }

    [Fact]
    public void What_the_server_has_is_found_from_what_it_should_have_and_the_differences()
    {
        var told = SpecCompiler.Compile(At(Maintenance.Schedules.Zones.Get("Europe/Berlin")), _now).Spec!.Calendars;
        var wanted = SpecCompiler.Compile(At(Maintenance.Schedules.Zones.Get("Africa/Casablanca")), _now).Spec!.Calendars;
        List<string> Lines(IReadOnlyList<SpecCalendar> calendars) => [.. calendars.Select(c => c.ToString()).Order(StringComparer.Ordinal)];
        var differences = Lines(wanted).Except(Lines(told)).Select(l => $"+ {l}").Concat(Lines(told).Except(Lines(wanted)).Select(l => $"- {l}")).Append("- memo.x=\"y\"");

        Assert.Equal(Lines(told), Lines(ListedTimes.Before(wanted, [.. differences])));
    }

    [Theory]
    [InlineData("s=0 m=0-59/20 h=1,3-5 d=1-31 M=1-12 y=2026-2028 w=0-6")]
    [InlineData("s=0 m=30 h=2 d=1-31 M=1-12 y= w=0-6")]
    public void A_calendar_is_read_back_from_its_text(string line) => Assert.Equal(line, ListedTimes.Parse(line)!.ToString());

    [Theory]
    [InlineData("zone=UTC jitter=0")]
    [InlineData("overlap=Skip catchUp=60 pauseOnFailure=False")]
    [InlineData("s=x m=30 h=2 d=1-31 M=1-12 y= w=0-6")]
    public void Any_other_line_is_no_calendar(string line) => Assert.Null(ListedTimes.Parse(line));
}
