using Maintenance.Host.Reconcile;
using Maintenance.Schedules;
using Temporal.Engine;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>The reconciler against the embedded engine: what is read back there is the server's own form of a schedule.</summary>
public sealed class EngineReconcilerTests : OnEngine
{
    static readonly string[] _entries =
    [
        """ "id": "named-zone", "cron": "30 4 * * mon-fri" """,
        """ "id": "either-day", "cron": "0 9 1,15 * mon", "jitter": "1m" """,
        """ "id": "quarters", "cron": "*/15 * * * *" """,
        """ "id": "listed", "cron": "30 2 * * *" """,
        """ "id": "cut", "every": "90m", "exclude": { "times": "22:00-06:00" }, "overlap": "allowAll" """,
        """ "id": "interval", "every": "7h", "offset": "10m", "pauseOnFailure": true, "catchUp": "3h" """,
        """ "id": "once", "at": "2090-06-01T12:00", "paused": "far away" """,
    ];

    [Fact]
    public async Task Every_form_of_timing_comes_back_as_it_was_applied()
    {
        Here.WriteSchedules(_entries);
        await Here.ApplyAsync();

        var quick = await Here.PlanAsync();
        var full = await Here.PlanAsync(drift: true);

        Assert.False(quick.HasChanges);
        Assert.False(full.HasChanges, string.Join("\n", full.Changes.SelectMany(c => c.Differences)));
        Assert.Equal((true, "far away"), full.Changes.Where(c => c.Id == "once").Select(c => (c.Paused, c.Note)).Single());
    }

    [Fact]
    public async Task The_servers_next_times_are_those_of_the_schedules()
    {
        Here.WriteSchedules(_entries);
        var plan = await Here.ApplyAsync();

        foreach (var desired in plan.Desired.Schedules.Where(s => s.Schedule.Jitter == TimeSpan.Zero))
        {
            var description = await Here.Client.GetScheduleHandle(desired.Schedule.Id).DescribeAsync();
            var next = description.Info.NextActionTimes.Select(t => new DateTimeOffset(t, TimeSpan.Zero)).ToList();

            Assert.Equal(DueTimes.After(desired.Schedule, next[0].AddSeconds(-1)).Take(next.Count).Select(d => d.Nominal), next);
        }
    }

    [Fact]
    public async Task Updates_deletes_and_pauses_reach_theEngine()
    {
        Here.WriteSchedules(_entries);
        await Here.ApplyAsync();
        await Here.Client.GetScheduleHandle("named-zone").PauseAsync("the disk is full");
        Here.WriteSchedules(""" "id": "named-zone", "cron": "45 4 * * *" """);

        var plan = await Here.ApplyAsync();

        Assert.Equal(6, plan.Of(ChangeKind.Delete).Count());
        var seen = Assert.Single((await Here.PlanAsync(drift: true)).Changes);
        Assert.Equal((ChangeKind.Unchanged, true, "the disk is full"), (seen.Kind, seen.Paused, seen.Note));
    }
}
