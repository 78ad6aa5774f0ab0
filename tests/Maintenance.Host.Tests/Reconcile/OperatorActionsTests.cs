using Maintenance.Host.Reconcile;
using Maintenance.Records;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>What operators do to a schedule at run time, apart from git: each act is on record with who, why and until when, and done on the server.</summary>
public sealed class OperatorActionsTests : IAsyncLifetime
{
    // Due each ten minutes of the hour, by day.
    static readonly DateTimeOffset _now = new(2026, 11, 24, 10, 3, 0, TimeSpan.Zero);

    readonly FakeScheduleServer _server = new();
    Installation _here = null!;
    OperatorActions _operators = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await Installation.CreateAsync(_server.Address);
        _here.WriteSchedules(""" "id": "often", "cron": "*/10 * * * *" """);
        await _here.ApplyAsync();
        _operators = new OperatorActions(_here.Client, _here.Store, "here", "ada", new FixedTime(_now));
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task A_pause_is_on_record_on_the_server_and_in_the_plan_with_who_why_and_until_when()
    {
        await _operators.PauseAsync("often", _now.AddHours(2), "the disk is full", CancellationToken.None);

        var hold = Assert.Single(await HoldsAsync());
        Assert.Equal(("ada", "the disk is full", _now.AddHours(2), HoldKind.Pause), (hold.Who, hold.Reason, hold.Until!.Value, hold.Kind));
        Assert.Equal((true, "paused by ada until 2026-11-24T12:03:00Z: the disk is full"), _server.State("often"));
        Assert.Contains("= paused often: paused by ada until 2026-11-24T12:03:00Z: the disk is full", await PlanAsync());
        var audit = Assert.Single(await _here.Store.ListAuditAsync(new() { Subject = "schedule:often" }, CancellationToken.None));
        Assert.Equal(("ada", "pause", "the disk is full"), (audit.Who, audit.Action, audit.Reason));
    }

    [Fact]
    public async Task A_skip_of_two_due_times_ends_behind_the_second()
    {
        await _operators.SkipAsync("often", 2, "the others are enough", CancellationToken.None);

        var hold = Assert.Single(await HoldsAsync());
        Assert.Equal((new DateTimeOffset(2026, 11, 24, 10, 20, 5, TimeSpan.Zero), 2), (hold.Until!.Value, hold.Count));
        Assert.Equal((true, "skips the next 2 due times, by ada: the others are enough"), _server.State("often"));
    }

    [Fact]
    public async Task An_extra_run_is_started_once_with_the_schedules_input_however_often_it_is_asked_for()
    {
        var at = _now.AddMinutes(30);

        await _operators.RunAtAsync("often", at, instead: false, "once more", CancellationToken.None);
        await _operators.RunAtAsync("often", at, instead: false, "once more", CancellationToken.None);

        var start = _server.Starts.DistinctBy(s => s.WorkflowId).Single();
        Assert.Equal(("often-run-at-20261124T103300Z", "backup", TimeSpan.FromMinutes(30)), (start.WorkflowId, start.WorkflowType.Name, start.WorkflowStartDelay.ToTimeSpan()));
        Assert.Contains("orders", start.Input.Payloads_[0].Data.ToStringUtf8());
        Assert.False(_server.State("often").Paused);
        Assert.Contains("+ extra run of often at 2026-11-24T10:33:00Z by ada: once more (often-run-at-20261124T103300Z)", await PlanAsync());
    }

    [Fact]
    public async Task A_run_in_the_place_of_the_next_due_time_skips_that_and_says_which_runs_instead()
    {
        await _operators.RunAtAsync("often", _now.AddMinutes(30), instead: true, "later", CancellationToken.None);

        var skip = Assert.Single(await HoldsAsync(), hold => hold.Kind == HoldKind.Skip);
        Assert.Equal(("often-run-at-20261124T103300Z", new DateTimeOffset(2026, 11, 24, 10, 10, 5, TimeSpan.Zero)), (skip.WorkflowId, skip.Until!.Value));
        Assert.Single(_server.Starts);
    }

    [Fact]
    public async Task Resume_ends_what_holds_a_schedule_and_says_who_did()
    {
        await _operators.PauseAsync("often", null, "the disk is full", CancellationToken.None);

        var ended = await new OperatorActions(_here.Client, _here.Store, "here", "grace", new FixedTime(_now.AddMinutes(1)))
            .ResumeAsync("often", "it is empty", CancellationToken.None);

        Assert.Single(ended);
        Assert.Empty(await HoldsAsync());
        Assert.Equal((false, "resumed by grace: it is empty"), _server.State("often"));
        var hold = Assert.Single(await _here.Store.ListHoldsAsync(new() { Installation = "here", EndedSince = _now }, CancellationToken.None));
        Assert.Equal(("grace", _now.AddMinutes(1)), (hold.EndedBy, hold.EndedAt!.Value));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_the_next_step_and_leaves_nothing()
    {
        await RefusedAsync("there is no schedule 'oftn'. Did you mean 'often'?", () => _operators.PauseAsync("oftn", null, null, CancellationToken.None));
        await RefusedAsync("is over; write a time that is to come", () => _operators.PauseAsync("often", _now, null, CancellationToken.None));
        await RefusedAsync("is over; `maintenance trigger often` runs it now", () => _operators.RunAtAsync("often", _now, false, null, CancellationToken.None));
        await RefusedAsync("'often' is not paused", () => _operators.ResumeAsync("often", null, CancellationToken.None));
        Assert.Empty(await HoldsAsync());
        _server.Pause("often", "by hand, in the UI");
        await RefusedAsync("is paused already (by hand, in the UI); `maintenance resume often`", () => _operators.SkipAsync("often", 1, null, CancellationToken.None));

        Assert.Empty(await HoldsAsync());
        Assert.Equal((true, "by hand, in the UI"), _server.State("often"));
    }

    static async Task RefusedAsync(string message, Func<Task> act) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<OperatorRefusedException>(act)).Message, StringComparison.Ordinal);

    Task<IReadOnlyList<ScheduleHold>> HoldsAsync() => _here.Store.ListHoldsAsync(new() { Installation = "here" }, CancellationToken.None);

    async Task<IReadOnlyList<string>> PlanAsync()
    {
        var plan = await _here.PlanAsync(drift: true);
        return PlanReport.Lines(plan, PlanEffects.Of(plan, _now, 90), await HoldsAsync());
    }

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
