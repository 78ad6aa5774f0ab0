namespace Maintenance.Schedules.Tests.Plans;

public sealed class PlanTests
{
    static readonly DateTimeOffset _from = Some.Instant("2026-12-01T00:00Z");

    [Fact]
    public void A_moved_line_loses_and_gains_its_times()
    {
        var changes = DueTimeChanges.Between(Some.Schedule(""" "cron": "30 3 * * *" """, "UTC"), Some.Schedule(""" "cron": "45 3 * * mon" """, "UTC"), _from, _from.AddDays(14));

        Assert.Equal((14, 2, 2, 14), (changes.Before, changes.After, changes.Added, changes.Removed));
        Assert.Equal("2026-12-07T03:45:00Z", Instants.Format(changes.FirstAdded[0]));
        Assert.Equal("2026-12-01T03:30:00Z", Instants.Format(changes.FirstRemoved[0]));
    }

    [Fact]
    public void Times_that_a_new_calendar_takes_away_are_counted()
    {
        var changes = DueTimeChanges.Between(
            Some.Schedule(""" "cron": "30 3 * * *" """), Some.Schedule(""" "cron": "30 3 * * *", "exclude": { "dates": "12-24..12-26" } """), _from, _from.AddDays(31));

        Assert.Equal((0, 3, 3), (changes.Added, changes.Removed, changes.MovedIntoExcluded));
    }

    [Fact]
    public void A_change_that_moves_nothing_is_seen_as_such()
    {
        var changes = DueTimeChanges.Between(Some.Schedule(""" "cron": "0 0 * * 0" """), Some.Schedule(""" "cron": "@weekly" """), _from, _from.AddDays(90));

        Assert.False(changes.Any);
    }

    [Fact]
    public void Times_that_a_calendar_gives_back_are_counted()
    {
        var changes = DueTimeChanges.Between(
            Some.Schedule(""" "cron": "30 3 * * *", "exclude": { "dates": "12-24..12-26" } """), Some.Schedule(""" "cron": "30 3 * * *" """), _from, _from.AddDays(31));

        Assert.Equal((3, 0, 3), (changes.Added, changes.Removed, changes.MovedOutOfExcluded));
    }

    [Fact]
    public void Only_minutes_that_get_fuller_are_peaks_and_the_fullest_come_first()
    {
        var unchanged = Line("a", "0 * * * *");
        var load = MinuteLoad.Of([unchanged], [Line("b", "0 4 * * *")], [Line("b", "0 3 * * *"), Line("c", "0 3 2 * *")], _from, _from.AddDays(3));

        var peaks = load.NewPeaks(2);

        Assert.Equal(3, load.NewCollisions);
        Assert.Equal(["2026-12-02T03:00:00Z", "2026-12-01T03:00:00Z"], peaks.Select(p => Instants.Format(p.Minute)));
        Assert.Equal((3, 1, "a, b, c"), (peaks[0].Starts, peaks[0].Before, string.Join(", ", peaks[0].Schedules)));
    }

    static Schedule Line(string id, string cron) => Some.Schedule($$""" "cron": "{{cron}}" """, "UTC") with { Id = id };
}
