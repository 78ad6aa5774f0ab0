using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Runs;

namespace Maintenance.Jobs.Tests.Runs;

public class TargetScheduleTests
{
    [Theory]
    [InlineData("", 7, "7")]
    [InlineData("1 25%", 10, "1 3 3 3")]
    [InlineData("1 2 100%", 10, "1 2 7")]
    [InlineData("3", 7, "3 3 1")]
    public void Waves_have_the_sizes_that_were_asked_for(string waves, int targets, string sizes)
    {
        var plan = new ForEachPlan { MaxParallel = 100, Waves = [.. waves.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => Share.Parse(w)!)] };
        var schedule = new TargetSchedule(plan, Targets(targets), []);
        var seen = new List<int>();
        while (!schedule.Finished)
        {
            var wave = StartAll(schedule);
            seen.Add(wave.Count);
            wave.ForEach(t => schedule.Ended(t, green: true));
            if (schedule.BetweenWaves)
                schedule.NextWave();
        }

        Assert.Equal(sizes, string.Join(' ', seen));
        Assert.Equal(schedule.Waves, seen.Count);
    }

    [Fact]
    public void Never_more_at_once_than_allowed_and_the_next_when_one_ends()
    {
        var schedule = new TargetSchedule(new ForEachPlan { MaxParallel = 2 }, Targets(3), []);

        var running = StartAll(schedule);
        Assert.Equal(["1", "2"], running.Select(t => t.Label));
        schedule.Ended(running[0], green: true);
        Assert.Equal("3", schedule.Next()!.Label);
        Assert.Null(schedule.Next());
    }

    [Theory]
    [InlineData("0", 4, 1)]
    [InlineData("1", 4, 2)]
    [InlineData("50%", 4, 3)]
    [InlineData("10%", 4, 1)]
    public void More_failures_than_the_budget_allows_end_it(string budget, int targets, int started)
    {
        var schedule = new TargetSchedule(new ForEachPlan { FailureBudget = Share.Parse(budget)! }, Targets(targets), []);
        var count = 0;
        while (schedule.Next() is { } next)
        {
            count++;
            schedule.Ended(next, green: false);
        }

        Assert.Equal(started, count);
        Assert.True(schedule.Finished);
    }

    [Fact]
    public void A_host_of_a_quorum_waits_and_lets_others_pass()
    {
        InventoryHost[] hosts = [new() { Name = "db-1", Id = "db-1" }, new() { Name = "db-2", Id = "db-2" }, new() { Name = "app", Id = "app" }];
        var schedule = new TargetSchedule(
            new ForEachPlan { MaxParallel = 3 }, Target.OfHosts(hosts), [new QuorumGroup { Name = "q", Hosts = ["db-1", "db-2"], Down = 1 }]);

        var first = StartAll(schedule);
        Assert.Equal(["db-1", "app"], first.Select(t => t.Label));
        schedule.Ended(first[0], green: false);
        // Its failure is over the budget: the second one of the quorum stays up.
        Assert.Null(schedule.Next());
    }

    [Fact]
    public void Labels_are_short_plain_and_unique()
    {
        var labels = Target.OfItems(["/var/lib/x", "a b", "a?b", "", new string('x', 100)]).Select(t => t.Label);

        Assert.Equal(["/var/lib/x", "a_b", "a_b~2", "_", new string('x', 40)], labels);
    }

    static List<Target> StartAll(TargetSchedule schedule)
    {
        var started = new List<Target>();
        while (schedule.Next() is { } next)
            started.Add(next);
        return started;
    }

    static IReadOnlyList<Target> Targets(int count) => Target.OfItems([.. Enumerable.Range(1, count).Select(n => $"{n}")]);
}
