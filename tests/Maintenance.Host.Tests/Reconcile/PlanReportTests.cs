using Maintenance.Host.Reconcile;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Tests.Reconcile;

public sealed class PlanReportTests : IAsyncLifetime
{
    readonly FakeScheduleServer _server = new();
    Installation _here = null!;

    public async ValueTask InitializeAsync() => _here = await Installation.CreateAsync(_server.Address);

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task A_plan_says_for_each_schedule_what_changes_and_what_that_does()
    {
        _here.WriteSchedules(""" "id": "moved", "cron": "30 3 * * *" """, """ "id": "gone", "cron": "0 4 * * *" """, """ "id": "kept", "every": "6h" """);
        await _here.ApplyAsync();
        await _here.Client.GetScheduleHandle("kept").PauseAsync("the disk is full");
        _here.WriteSchedules(""" "id": "moved", "cron": "45 4 * * *" """, """ "id": "kept", "every": "6h" """, """ "id": "new", "cron": "45 4 * * *" """);

        var lines = Lines(await _here.PlanAsync());

        Assert.Collection(
            lines,
            l => Assert.Equal("~ update moved: entry, timing; backup at 04:45 (Europe/Berlin)", l),
            l => Assert.StartsWith("    next 90 days: 90 due times, 90 before; 90 go (first ", l, StringComparison.Ordinal),
            l => Assert.Equal("= paused kept: the disk is full", l),
            l => Assert.Equal("+ create new: backup at 04:45 (Europe/Berlin)", l),
            l => Assert.StartsWith("    next 90 days: 90 due times, 0 before; 90 come (first ", l, StringComparison.Ordinal),
            l => Assert.Equal("- delete gone: it is no longer in the file", l),
            l => Assert.StartsWith("    next 90 days: 0 due times, 90 before; 90 go (first ", l, StringComparison.Ordinal),
            l => Assert.Equal("load: 90 minutes of the next 90 days get more starts than before; the fullest:", l),
            l => Assert.Matches("^    2 start at .*, 0 before: moved, new$", l),
            l => Assert.Matches("^    2 start at .*, 0 before: moved, new$", l),
            l => Assert.Matches("^    2 start at .*, 0 before: moved, new$", l));
    }

    [Fact]
    public async Task A_list_from_other_time_zone_data_shows_the_due_times_that_move_although_the_entry_is_the_same()
    {
        _here.WriteSchedules(""" "id": "a", "cron": "30 2 * * *" """);
        await _here.ApplyAsync();
        // As if the zone had been a quarter of an hour ahead when it was applied.
        await _here.Client.GetScheduleHandle("a").UpdateAsync(input => new ScheduleUpdate(input.Description.Schedule with
        {
            Spec = input.Description.Schedule.Spec with
            {
                Calendars = [.. input.Description.Schedule.Spec.Calendars.Select(c => c with { Minute = [new ScheduleRange(15)] })],
            },
        }));

        var lines = Lines(await _here.PlanAsync(drift: true));

        Assert.StartsWith("~ update a: timing (", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("    next 90 days: 90 due times, 90 before; 90 go (first ", lines[1], StringComparison.Ordinal);
        Assert.Contains(":15:00Z); 90 come (first ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_script_is_named_and_moves_no_due_time()
    {
        _here.WriteSchedules(""" "id": "a", "cron": "30 3 * * *" """);
        await _here.ApplyAsync();
        File.AppendAllText(Path.Combine(_here.JobsDirectory, "backup", "run.sh"), "echo more\n");

        var lines = Lines(await _here.PlanAsync());

        Assert.Equal("~ update a: job files; backup at 03:30 (Europe/Berlin)", lines[0]);
        Assert.Matches("^job to publish: backup \\([0-9a-f]{12} → [0-9a-f]{12}\\): ~ run.sh$", Assert.Single(lines.Skip(1)));
    }

    [Fact]
    public async Task Runs_that_leave_and_enter_excluded_windows_are_counted()
    {
        _here.WriteSchedules(
            """ "id": "in", "cron": "0 * * * *" """, """ "id": "out", "cron": "0 * * * *", "exclude": { "times": "22:00-06:00" } """);
        await _here.ApplyAsync();
        _here.WriteSchedules(
            """ "id": "in", "cron": "0 * * * *", "exclude": { "times": "22:00-06:00" } """, """ "id": "out", "cron": "0 * * * *" """);

        var lines = Lines(await _here.PlanAsync());

        Assert.Contains(lines, l => l.Contains(" fall into excluded windows", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains(" leave excluded windows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_saved_plan_is_stale_when_the_files_or_the_server_changed()
    {
        var file = Path.GetTempFileName();
        var options = new ReconcilerOptions { Installation = "here" };
        _here.WriteSchedules(""" "id": "a", "cron": "30 3 * * *" """);
        var plan = await _here.PlanAsync();
        PlanFile.Of(plan, options, drift: false, DateTimeOffset.UnixEpoch, []).Write(file);
        var saved = PlanFile.Read(file);

        Assert.Null(saved.StaleBecause(await _here.PlanAsync(), options));
        Assert.Contains("of installation 'here'", saved.StaleBecause(plan, options with { Installation = "there" }), StringComparison.Ordinal);
        File.AppendAllText(Path.Combine(_here.JobsDirectory, "backup", "run.sh"), "echo more\n");
        Assert.Contains("changed since", saved.StaleBecause(await _here.PlanAsync(), options), StringComparison.Ordinal);
        await _here.ApplyAsync();
        Assert.Contains("changed since", saved.StaleBecause(await _here.PlanAsync(), options), StringComparison.Ordinal);
        File.WriteAllText(file, "{}");
        Assert.Throws<InvalidDataException>(() => PlanFile.Read(file));
        File.Delete(file);
    }

    static IReadOnlyList<string> Lines(ReconcilePlan plan) => PlanReport.Lines(plan, PlanEffects.Of(plan, DateTimeOffset.UtcNow, days: 90), []);

    [Fact]
    public async Task Nothing_to_do_is_said()
    {
        _here.WriteSchedules(""" "id": "a", "cron": "30 3 * * *" """);
        await _here.ApplyAsync();

        Assert.Equal(["no changes"], Lines(await _here.PlanAsync(drift: true)));
    }
}
