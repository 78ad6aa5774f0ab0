using Maintenance.Host.Reconcile;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Tests.Reconcile;

public sealed class ReconcilerTests : IAsyncLifetime
{
    const string Nightly = """ "id": "nightly", "cron": "30 3 * * *" """;
    const string Night = """ "id": "night", "cron": "30 2 * * *" """;

    readonly FakeScheduleServer _server = new();
    Installation _here = null!;

    public async ValueTask InitializeAsync() => _here = await Installation.CreateAsync(_server.Address);

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Applying_creates_what_is_declared_and_a_second_time_changes_nothing()
    {
        _here.WriteSchedules(Nightly, Night, """ "id": "often", "every": "10m", "offset": "1m", "overlap": "bufferOne", "catchUp": "2h", "jitter": "30s" """);

        var first = await _here.ApplyAsync();
        var writes = _server.Writes;
        var second = await _here.ApplyAsync();
        var third = await _here.ApplyAsync(drift: true);

        Assert.Equal(3, first.Of(ChangeKind.Create).Count());
        Assert.False(second.HasChanges);
        Assert.False(third.HasChanges, string.Join("\n", third.Changes.SelectMany(c => c.Differences)));
        Assert.Equal(writes, _server.Writes);
        var often = await _here.Client.GetScheduleHandle("often").DescribeAsync();
        var action = Assert.IsType<ScheduleActionStartWorkflow>(often.Schedule.Action);
        Assert.Equal(("backup", "often", "maintenance"), (action.Workflow, action.Options.Id, action.Options.TaskQueue));
        Assert.Equal(TimeSpan.FromHours(2), often.Schedule.Policy.CatchupWindow);
    }

    [Fact]
    public async Task A_look_without_changes_needs_one_list_call_and_no_describe()
    {
        _here.WriteSchedules(Nightly, Night);
        await _here.ApplyAsync();
        var (lists, describes) = (_server.Calls("ListSchedules"), _server.Calls("DescribeSchedule"));

        await _here.PlanAsync();

        Assert.Equal((lists + 1, describes), (_server.Calls("ListSchedules"), _server.Calls("DescribeSchedule")));
    }

    [Fact]
    public async Task A_changed_entry_is_updated_and_a_removed_one_deleted()
    {
        _here.WriteSchedules(Nightly, Night);
        await _here.ApplyAsync();
        _here.WriteSchedules(""" "id": "nightly", "cron": "45 3 * * *" """);

        var plan = await _here.ApplyAsync();

        Assert.Equal(["nightly"], plan.Of(ChangeKind.Update).Select(c => c.Id));
        Assert.Equal(["night"], plan.Of(ChangeKind.Delete).Select(c => c.Id));
        var effect = PlanEffects.Of(plan, DateTimeOffset.UtcNow, days: 90).Changes["nightly"];
        Assert.Equal((90, 90, 90, 90), (effect.Before, effect.After, effect.Added, effect.Removed));
        Assert.False((await _here.PlanAsync(drift: true)).HasChanges);
        Assert.Equal(["nightly"], (await _here.Store.ListAppliedSchedulesAsync("here", CancellationToken.None)).Select(a => a.ScheduleId));
    }

    [Fact]
    public async Task An_update_that_the_server_drops_is_sent_again()
    {
        _here.WriteSchedules(Nightly);
        await _here.ApplyAsync();
        _here.WriteSchedules(""" "id": "nightly", "cron": "45 3 * * *" """);
        _server.UpdatesToDrop = 2;

        await _here.ApplyAsync();

        Assert.Equal(3, _server.Calls("UpdateSchedule"));
        Assert.False((await _here.PlanAsync(drift: true)).HasChanges);
    }

    [Fact]
    public async Task A_schedule_of_somebody_else_is_refused_before_anything_is_changed()
    {
        await using var there = await Installation.CreateAsync(_server.Address, "there");
        there.WriteSchedules(Nightly);
        await there.ApplyAsync();
        _here.WriteSchedules(Nightly, Night);
        var writes = _server.Writes;

        var plan = await _here.PlanAsync();
        var refused = await Assert.ThrowsAsync<ReconcileRefusedException>(() => _here.Reconciler.ApplyAsync(plan, CancellationToken.None));

        Assert.Contains("belongs to installation 'there'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(writes, _server.Writes);
        Assert.Empty(await _here.Store.ListJobsAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_schedule_of_somebody_else_is_never_deleted()
    {
        await using var there = await Installation.CreateAsync(_server.Address, "there");
        there.WriteSchedules(Nightly);
        await there.ApplyAsync();
        _here.WriteSchedules(Night);

        await _here.ApplyAsync();

        Assert.False((await there.PlanAsync(drift: true)).HasChanges);
    }

    [Fact]
    public async Task An_operators_pause_outlives_updates()
    {
        _here.WriteSchedules(Nightly);
        await _here.ApplyAsync();
        await _here.Client.GetScheduleHandle("nightly").PauseAsync("the disk is full");
        _here.WriteSchedules(""" "id": "nightly", "cron": "45 3 * * *" """);

        await _here.ApplyAsync();

        var state = (await _here.Client.GetScheduleHandle("nightly").DescribeAsync()).Schedule.State;
        Assert.Equal((true, "the disk is full"), (state.Paused, state.Note));
        var seen = (await _here.PlanAsync()).Changes[0];
        Assert.Equal((ChangeKind.Unchanged, true, "the disk is full"), (seen.Kind, seen.Paused, seen.Note));
    }

    [Fact]
    public async Task A_pause_between_the_look_and_the_update_is_kept()
    {
        _here.WriteSchedules(Nightly);
        await _here.ApplyAsync();
        _here.WriteSchedules(""" "id": "nightly", "cron": "45 3 * * *" """);
        var paused = false;
        _server.BeforeUpdate = () =>
        {
            // Once, in the moment that is left: the state has been read and the update is on its way.
            if (!paused)
                _server.Pause("nightly", "the disk is full");
            paused = true;
        };

        await _here.ApplyAsync();

        var state = (await _here.Client.GetScheduleHandle("nightly").DescribeAsync()).Schedule.State;
        Assert.Equal((true, "the disk is full"), (state.Paused, state.Note));
        Assert.Equal(2, _server.Calls("UpdateSchedule"));
        Assert.False((await _here.PlanAsync(drift: true)).HasChanges);
    }

    [Fact]
    public async Task An_operators_pause_comes_back_with_a_schedule_that_was_deleted()
    {
        _here.WriteSchedules(Nightly, Night);
        await _here.ApplyAsync();
        var hold = await _here.Operators.PauseAsync("nightly", until: null, "the disk is full", CancellationToken.None);
        _here.WriteSchedules(Night);
        await _here.ApplyAsync();
        _here.WriteSchedules(Nightly, Night);

        await _here.ApplyAsync();

        var state = (await _here.Client.GetScheduleHandle("nightly").DescribeAsync()).Schedule.State;
        Assert.Equal((true, HoldText.Note(hold)), (state.Paused, state.Note));
        Assert.False((await _here.Client.GetScheduleHandle("night").DescribeAsync()).Schedule.State.Paused);
    }

    [Fact]
    public async Task Apply_that_is_cut_off_after_any_call_never_leaves_a_schedule_missing_and_the_next_one_finishes_it()
    {
        string[] kept = [.. Enumerable.Range(0, 4).Select(i => $"kept-{i}")];
        var cuts = 0;
        for (var cut = 1; ; cut++, cuts++)
        {
            using var server = new FakeScheduleServer();
            await using var here = await Installation.CreateAsync(server.Address);
            here.WriteSchedules([.. kept.Select(id => Entry(id, "30 3 * * *")), Entry("goes", "30 3 * * *")]);
            await here.ApplyAsync();
            here.WriteSchedules([.. kept.Select(id => Entry(id, "45 3 * * *")), Entry("comes", "45 3 * * *")]);
            using var killed = new CancellationTokenSource();
            var first = server.Total;
            server.Done = n =>
            {
                Assert.Superset(kept.ToHashSet(), server.Ids.ToHashSet());
                if (n - first == cut)
                    killed.Cancel();
            };

            await TryApplyAsync(here, killed.Token);
            var wasCut = killed.IsCancellationRequested;
            server.Done = null;
            var plan = await here.ApplyAsync();

            Assert.True(
                kept.Append("comes").ToHashSet().SetEquals(server.Ids),
                $"cut after call {cut}: {string.Join(' ', server.Ids)}; the next apply: {string.Join(' ', plan.Changes.Select(c => $"{c.Kind} {c.Id}"))}");
            Assert.False((await here.PlanAsync(drift: true)).HasChanges, $"cut after call {cut}");
            Assert.Equal(server.Ids.Order(), (await here.Store.ListAppliedSchedulesAsync("here", CancellationToken.None)).Select(a => a.ScheduleId).Order());
            if (!wasCut)
                break;
        }

        Assert.True(cuts > 15, $"only {cuts} calls were cut");

        static string Entry(string id, string cron) => $""" "id": "{id}", "cron": "{cron}" """;
    }

    static async Task TryApplyAsync(Installation here, CancellationToken killed)
    {
        try
        {
            await here.Reconciler.ApplyAsync(await here.Reconciler.PlanAsync(here.Load().Value!, drift: false, killed), killed);
        }
        catch (OperationCanceledException)
        {
            // That was the kill.
        }
    }

    [Fact]
    public async Task A_pause_of_the_file_follows_the_file_unless_an_operator_resumed()
    {
        const string paused = """ "id": "nightly", "cron": "30 3 * * *", "paused": "not yet" """;
        async Task<(bool, string?)> State() => (await _here.Client.GetScheduleHandle("nightly").DescribeAsync()).Schedule.State is var s ? (s.Paused, s.Note) : default;

        _here.WriteSchedules(paused);
        await _here.ApplyAsync();
        Assert.Equal((true, "not yet"), await State());

        _here.WriteSchedules(Nightly);
        await _here.ApplyAsync();
        Assert.False((await State()).Item1);

        _here.WriteSchedules(paused);
        await _here.ApplyAsync();
        Assert.Equal((true, "not yet"), await State());

        await _here.Client.GetScheduleHandle("nightly").UnpauseAsync("try it");
        _here.WriteSchedules(paused.Replace("30 3", "45 3", StringComparison.Ordinal));
        await _here.ApplyAsync();
        Assert.Equal((false, "try it"), await State());
    }

    [Fact]
    public async Task A_changed_script_updates_the_schedules_of_its_job()
    {
        _here.WriteSchedules(Nightly);
        await _here.ApplyAsync();
        var before = await _here.Store.GetCurrentBundleAsync("backup", CancellationToken.None);
        File.AppendAllText(Path.Combine(_here.JobsDirectory, "backup", "run.sh"), "echo more\n");

        var plan = await _here.ApplyAsync();

        Assert.Equal(["nightly"], plan.Of(ChangeKind.Update).Select(c => c.Id));
        Assert.Equal([("backup", "~ run.sh")], plan.JobsChanged.Select(j => (j.Job, Assert.Single(j.Files))));
        var after = await _here.Store.GetCurrentBundleAsync("backup", CancellationToken.None);
        Assert.NotEqual(before!.Hash, after!.Hash);
        Assert.NotNull(await _here.Store.GetBundleAsync(before.Hash, CancellationToken.None));
    }

    [Fact]
    public async Task Records_that_are_lost_are_made_again_without_touching_the_server()
    {
        _here.WriteSchedules(Nightly);
        await _here.ApplyAsync();
        await using var restored = await Installation.CreateAsync(_server.Address);
        restored.WriteSchedules(Nightly);
        var writes = _server.Writes;

        await restored.ApplyAsync();

        Assert.Equal(writes, _server.Writes);
        Assert.Single(await restored.Store.ListAppliedSchedulesAsync("here", CancellationToken.None));
        Assert.NotNull(await restored.Store.GetCurrentBundleAsync("backup", CancellationToken.None));
    }
}
