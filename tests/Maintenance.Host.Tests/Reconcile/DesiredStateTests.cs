namespace Maintenance.Host.Tests.Reconcile;

public sealed class DesiredStateTests : IAsyncLifetime
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
    public void Problems_of_schedules_and_jobs_come_together_and_leave_no_state()
    {
        _here.WriteJob("broken", """{ "steps": [] , "stepz": 1 }""");
        _here.WriteSchedules(""" "id": "a", "cron": "0 22-3 * * *" """);

        var read = _here.Load();

        Assert.Null(read.Value);
        Assert.Contains(read.Problems, p => p.Code == "SCH023");
        Assert.Contains(read.Problems, p => p.Code == "JOB003");
    }

    [Fact]
    public void A_wrong_input_is_a_problem_unless_the_schedule_is_paused()
    {
        _here.WriteJob("backup", """{ "input": { "other": { "type": "string" } }, "steps": [ { "name": "only", "run": "run.sh" } ] }""");

        _here.WriteSchedules(""" "id": "a", "cron": "@daily" """);
        Assert.Contains(_here.Load().Problems, p => p.Code == "SCH039");

        _here.WriteSchedules(""" "id": "a", "cron": "@daily", "paused": "waits for its input" """);
        Assert.Empty(_here.Load().Problems);
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_problem()
    {
        var read = _here.Load();

        Assert.Equal("SCH040", Assert.Single(read.Problems).Code);
    }

    [Fact]
    public void Lists_of_due_times_say_when_they_have_to_be_made_anew()
    {
        _here.WriteSchedules(""" "id": "a", "cron": "30 4 * * *" """);
        Assert.Null(_here.Load().Value!.RenewAt);

        _here.WriteSchedules(""" "id": "a", "cron": "30 2 * * *" """);
        Assert.Equal(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), _here.Load().Value!.RenewAt);
    }
}
