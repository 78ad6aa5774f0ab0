using Maintenance.Host.Reconcile;
using Maintenance.Schedules;
using Temporal.Engine;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>The reconciler against the embedded engine: what is read back there is the server's own form of a schedule.</summary>
public sealed class EngineReconcilerTests : IAsyncLifetime
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

    readonly string _folder = Directory.CreateTempSubdirectory("engine-").FullName;
    TemporalEngine _engine = null!;
    Installation _here = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await TemporalEngine.StartAsync(new EngineOptions { DataDirectory = _folder, Listen = null }, CancellationToken.None);
        _here = await Installation.CreateAsync(_engine.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_form_of_timing_comes_back_as_it_was_applied()
    {
        _here.WriteSchedules(_entries);
        await _here.ApplyAsync();

        var quick = await _here.PlanAsync();
        var full = await _here.PlanAsync(drift: true);

        Assert.False(quick.HasChanges);
        Assert.False(full.HasChanges, string.Join("\n", full.Changes.SelectMany(c => c.Differences)));
        Assert.Equal((true, "far away"), full.Changes.Where(c => c.Id == "once").Select(c => (c.Paused, c.Note)).Single());
    }

    [Fact]
    public async Task The_servers_next_times_are_those_of_the_schedules()
    {
        _here.WriteSchedules(_entries);
        var plan = await _here.ApplyAsync();

        foreach (var desired in plan.Desired.Schedules.Where(s => s.Schedule.Jitter == TimeSpan.Zero))
        {
            var description = await _here.Client.GetScheduleHandle(desired.Schedule.Id).DescribeAsync();
            var next = description.Info.NextActionTimes.Select(t => new DateTimeOffset(t, TimeSpan.Zero)).ToList();

            Assert.Equal(DueTimes.After(desired.Schedule, next[0].AddSeconds(-1)).Take(next.Count).Select(d => d.Nominal), next);
        }
    }

    [Fact]
    public async Task Updates_deletes_and_pauses_reach_the_engine()
    {
        _here.WriteSchedules(_entries);
        await _here.ApplyAsync();
        await _here.Client.GetScheduleHandle("named-zone").PauseAsync("the disk is full");
        _here.WriteSchedules(""" "id": "named-zone", "cron": "45 4 * * *" """);

        var plan = await _here.ApplyAsync();

        Assert.Equal(6, plan.Of(ChangeKind.Delete).Count());
        var seen = Assert.Single((await _here.PlanAsync(drift: true)).Changes);
        Assert.Equal((ChangeKind.Unchanged, true, "the disk is full"), (seen.Kind, seen.Paused, seen.Note));
    }
}
