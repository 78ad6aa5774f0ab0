using Maintenance.Host.Reconcile;

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

        var lines = PlanReport.Lines(await _here.PlanAsync(), DateTimeOffset.UtcNow);

        Assert.Collection(
            lines,
            l => Assert.Equal("~ update moved: entry, timing; backup at 04:45 (Europe/Berlin)", l),
            l => Assert.StartsWith("    next 90 days: 90 due times, 90 before; 90 go (first ", l, StringComparison.Ordinal),
            l => Assert.Equal("= paused kept: the disk is full", l),
            l => Assert.Equal("+ create new: backup at 04:45 (Europe/Berlin)", l),
            l => Assert.StartsWith("    next 90 days: 90 due times, 0 before; 90 come (first ", l, StringComparison.Ordinal),
            l => Assert.Equal("- delete gone: it is no longer in the file", l),
            l => Assert.StartsWith("    next 90 days: 0 due times, 90 before; 90 go (first ", l, StringComparison.Ordinal),
            l => Assert.Matches("^load: 2 start at .*: moved, new$", l),
            l => Assert.Matches("^load: 2 start at .*: moved, new$", l),
            l => Assert.Matches("^load: 2 start at .*: moved, new$", l));
    }

    [Fact]
    public async Task A_changed_script_is_named_and_moves_no_due_time()
    {
        _here.WriteSchedules(""" "id": "a", "cron": "30 3 * * *" """);
        await _here.ApplyAsync();
        File.AppendAllText(Path.Combine(_here.JobsDirectory, "backup", "run.sh"), "echo more\n");

        var lines = PlanReport.Lines(await _here.PlanAsync(), DateTimeOffset.UtcNow);

        Assert.Equal(["~ update a: job files; backup at 03:30 (Europe/Berlin)", "jobs to publish: backup"], lines);
    }

    [Fact]
    public async Task Nothing_to_do_is_said()
    {
        _here.WriteSchedules(""" "id": "a", "cron": "30 3 * * *" """);
        await _here.ApplyAsync();

        Assert.Equal(["no changes"], PlanReport.Lines(await _here.PlanAsync(drift: true), DateTimeOffset.UtcNow));
    }
}
