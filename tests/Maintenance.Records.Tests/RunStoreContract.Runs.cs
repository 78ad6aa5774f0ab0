namespace Maintenance.Records.Tests;

public abstract partial class RunStoreContract
{
    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);

        await Store.MigrateAsync(Token);

        Assert.NotNull(await Store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task A_finished_run_comes_back_with_every_field()
    {
        var run = Some.FullRun("r1");

        await Store.FinishRunAsync(run, [], Token);

        Same(run, await Store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task How_long_a_step_takes_is_known_from_its_good_runs_newest_first()
    {
        StepRecord Step(string name, int position, StepStatus status, int seconds) => new()
        {
            Position = position, Name = name, Kind = "run", Status = status, StartedAt = Some.Start, FinishedAt = Some.Start.AddSeconds(seconds),
        };
        for (var hour = 1; hour <= 3; hour++)
        {
            var run = Some.FinishedRun($"r{hour}", startedAt: Some.Start.AddHours(hour));
            await Store.FinishRunAsync(run with { Steps = [Step("patch", 1, StepStatus.Succeeded, hour), Step("patch[a]", 2, StepStatus.Succeeded, 10 * hour), Step("patch[b]", 3, StepStatus.Failed, 99), Step("patchy", 4, StepStatus.Succeeded, 77)] }, [], Token);
        }

        await Store.FinishRunAsync(Some.FinishedRun("other", job: "other") with { Steps = [Step("patch", 1, StepStatus.Succeeded, 50)] }, [], Token);

        Assert.Equal([3, 2], (await Store.ListStepDurationsAsync("backup", "patch", ofTargets: false, 2, Token)).Select(d => d.TotalSeconds));
        Assert.Equal([30, 20, 10], (await Store.ListStepDurationsAsync("backup", "patch", ofTargets: true, 9, Token)).Select(d => d.TotalSeconds));
    }

    [Fact]
    public async Task A_host_was_last_seen_when_it_ended_its_last_attempt()
    {
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);
        var attempts = Some.FullRun("r1").Steps.SelectMany(s => s.Attempts).Where(a => a is { HostId: not null, FinishedAt: not null }).ToList();
        var host = attempts[0].HostId!;

        var seen = await Store.ListHostsSeenAsync([host, "never-heard-of"], Token);

        Assert.Equal(attempts.Where(a => a.HostId == host).Max(a => a.FinishedAt), Assert.Single(seen).Value);
    }

    [Fact]
    public async Task An_opened_run_is_seen_as_running()
    {
        var run = Some.RunningRun("r1");

        await Store.OpenRunAsync(run, Token);

        Same(run, await Store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task Opening_again_takes_the_newer_values()
    {
        await Store.OpenRunAsync(Some.RunningRun("r1"), Token);

        await Store.OpenRunAsync(Some.RunningRun("r1") with { BundleHash = "b" }, Token);

        Assert.Equal("b", (await Store.GetRunAsync("r1", Token))?.BundleHash);
    }

    [Fact]
    public async Task A_finished_run_is_not_opened_again()
    {
        var finished = Some.FullRun("r1");
        await Store.FinishRunAsync(finished, [], Token);

        await Store.OpenRunAsync(Some.RunningRun("r1"), Token);

        Same(finished, await Store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task Finishing_twice_doubles_nothing()
    {
        var run = Some.FullRun("r1");
        await Store.FinishRunAsync(run, [Some.Message("m1"), Some.Message("m2", sequence: 2)], Token);

        await Store.FinishRunAsync(run, [Some.Message("m1"), Some.Message("m2", sequence: 2)], Token);

        Same(run, await Store.GetRunAsync("r1", Token));
        Assert.Equal(2, (await Store.GetOutboxHealthAsync(Token)).Pending);
    }

    [Fact]
    public async Task Finishing_again_does_not_send_what_was_delivered()
    {
        await Store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1")], Token);
        await Store.MarkDeliveredAsync(["m1"], Some.Start, Token);

        await Store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1")], Token);

        Assert.Equal(0, (await Store.GetOutboxHealthAsync(Token)).Pending);
    }

    [Fact]
    public async Task A_rebuilt_run_replaces_the_steps_it_had()
    {
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);
        var rebuilt = Some.FullRun("r1") with { Status = RunStatus.Succeeded, Steps = [Some.FullRun("r1").Steps[1]], Approvals = [] };

        await Store.FinishRunAsync(rebuilt, [], Token);

        Same(rebuilt, await Store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task A_finish_that_fails_leaves_nothing()
    {
        var step = Some.FullRun("r1").Steps[0];
        var samePositionTwice = Some.FullRun("r1") with { Steps = [step, step] };

        await Assert.ThrowsAnyAsync<Exception>(() => Store.FinishRunAsync(samePositionTwice, [Some.Message("m1")], Token));

        Assert.Null(await Store.GetRunAsync("r1", Token));
        Assert.Equal(0, (await Store.GetOutboxHealthAsync(Token)).Pending);
    }

    [Fact]
    public async Task A_run_without_an_end_cannot_be_finished()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FinishRunAsync(Some.RunningRun("r1"), [], Token));

        Assert.Null(await Store.GetRunAsync("r1", Token));
    }

    [Fact]
    public async Task What_no_database_can_hold_is_replaced_and_never_refused()
    {
        const string hostile = "a\0b\ud800c\udc00d \ud83d\ude00";
        var run = Some.FullRun("r1") with
        {
            Reason = hostile,
            InputJson = "{ not json",
            Outputs = new Dictionary<string, string> { [hostile] = hostile },
            Steps =
            [
                Some.FullRun("r1").Steps[0] with
                {
                    Attempts = [Some.Attempt(1, "x") with { Output = new() { Head = hostile, Tail = hostile } }],
                },
            ],
        };

        await Store.FinishRunAsync(run, [Some.Message("m1") with { PayloadJson = hostile }], Token);

        var stored = await Store.GetRunAsync("r1", Token);
        const string visible = "a\u2400b\ufffdc\ufffdd \ud83d\ude00";
        Assert.Equal(visible, stored?.Reason);
        Assert.Equal(visible, stored?.Steps[0].Attempts[0].Output?.Head);
        Assert.Equal(visible, stored?.Outputs[visible]);
        Assert.Equal("\"{ not json\"", stored?.InputJson);
    }

    [Fact]
    public async Task An_input_with_every_escape_is_kept_to_the_letter()
    {
        var run = Some.FullRun("r1") with { InputJson = """{"b":1,"a":"\u0000\ud800","b":1e400}""" };

        await Store.FinishRunAsync(run, [], Token);

        Assert.Equal(run.InputJson, (await Store.GetRunAsync("r1", Token))?.InputJson);
    }

    [Fact]
    public async Task A_run_is_found_by_id_workflow_or_unique_prefix()
    {
        await Store.OpenRunAsync(Some.RunningRun("abcd-1"), Token);
        await Store.OpenRunAsync(Some.RunningRun("abcd-2"), Token);
        await Store.OpenRunAsync(Some.RunningRun("abce-3"), Token);

        Assert.Equal("abcd-2", (await Store.FindRunAsync("abcd-2", Token)).Run?.RunId);
        Assert.Equal("abcd-1", (await Store.FindRunAsync("wf-abcd-1", Token)).Run?.RunId);
        Assert.Equal("abce-3", (await Store.FindRunAsync("abce", Token)).Run?.RunId);
        Assert.Equal(["abcd-1", "abcd-2"], (await Store.FindRunAsync("abcd", Token)).Candidates);
        Assert.Equal(new RunLookup(null, []), (await Store.FindRunAsync("abc", Token)) with { Candidates = [] });
        Assert.Null((await Store.FindRunAsync("zzzz%", Token)).Run);
    }

    [Fact]
    public async Task A_workflow_id_finds_its_newest_run()
    {
        await Store.OpenRunAsync(Some.RunningRun("old") with { WorkflowId = "same" }, Token);
        await Store.OpenRunAsync(Some.RunningRun("new", startedAt: Some.Start.AddDays(1)) with { WorkflowId = "same" }, Token);

        Assert.Equal("new", (await Store.FindRunAsync("same", Token)).Run?.RunId);
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_and_only_as_asked()
    {
        await Store.FinishRunAsync(Some.FinishedRun("r1", startedAt: Some.Start), [], Token);
        await Store.FinishRunAsync(Some.FinishedRun("r2", status: RunStatus.Failed, startedAt: Some.Start.AddHours(1)), [], Token);
        await Store.FinishRunAsync(Some.FinishedRun("r3", job: "reindex", startedAt: Some.Start.AddHours(2)) with { ScheduleId = "s" }, [], Token);

        Assert.Equal(["r3", "r2", "r1"], await ListAsync(new()));
        Assert.Equal(["r2", "r1"], await ListAsync(new() { Job = "backup" }));
        Assert.Equal(["r3"], await ListAsync(new() { ScheduleId = "s" }));
        Assert.Equal(["r2"], await ListAsync(new() { Status = RunStatus.Failed }));
        Assert.Equal(["r3", "r2"], await ListAsync(new() { Since = Some.Start.AddHours(1) }));
        Assert.Equal(["r1"], await ListAsync(new() { Until = Some.Start.AddHours(1) }));
        Assert.Equal([], await ListAsync(new() { Job = "reindex", Status = RunStatus.Failed }));
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_skip_when_starts_are_equal_and_runs_arrive()
    {
        for (var i = 0; i < 7; i++)
            await Store.OpenRunAsync(Some.RunningRun($"r{i}"), Token);

        var first = await Store.ListRunsAsync(new() { Limit = 3 }, Token);
        await Store.OpenRunAsync(Some.RunningRun("newer", startedAt: Some.Start.AddDays(1)), Token);
        var second = await Store.ListRunsAsync(new() { Limit = 3, After = first.Next }, Token);
        var third = await Store.ListRunsAsync(new() { Limit = 3, After = second.Next }, Token);

        Assert.Equal(
            ["r6", "r5", "r4", "r3", "r2", "r1", "r0"],
            first.Runs.Concat(second.Runs).Concat(third.Runs).Select(run => run.RunId));
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task Full_output_may_come_before_or_after_the_finish_and_survives_it()
    {
        var run = Some.FullRun("r1");
        await Store.PutFullOutputAsync("r1", "restore/1", "all of one", Some.Start, Token);

        await Store.FinishRunAsync(run, [], Token);
        await Store.PutFullOutputAsync("later-execution", "restore/2", "all of\0two", Some.Start, Token);

        Same(run, await Store.GetRunAsync("r1", Token));
        Assert.Equal("all of one", await Store.GetFullOutputAsync("r1", "restore/1", Token));
        Assert.Equal("all of\u2400two", await Store.GetFullOutputAsync("later-execution", "restore/2", Token));
        Assert.Null(await Store.GetFullOutputAsync("r1", "drop/1", Token));
    }

    async Task<IEnumerable<string>> ListAsync(RunQuery query) =>
        (await Store.ListRunsAsync(query, Token)).Runs.Select(run => run.RunId);

    [Fact]
    public async Task Pages_can_be_turned_back_and_new_runs_neither_shift_nor_repeat_rows()
    {
        for (var i = 0; i < 7; i++)
            await Store.OpenRunAsync(Some.RunningRun($"r{i}", i % 2 == 0 ? "even" : "odd", Some.Start.AddMinutes(i / 2)), Token);
        var first = await Store.ListRunsAsync(new() { Limit = 3 }, Token);
        var second = await Store.ListRunsAsync(new() { Limit = 3, After = first.Next }, Token);
        await Store.OpenRunAsync(Some.RunningRun("r8", startedAt: Some.Start.AddHours(1)), Token);

        var back = await Store.ListRunsAsync(new() { Limit = 3, Before = second.Previous }, Token);
        var newest = await Store.ListRunsAsync(new() { Limit = 3, Before = back.Previous }, Token);
        var odd = await Store.ListRunsAsync(new() { Limit = 1, Job = "odd", Before = second.Next }, Token);

        Assert.Null(first.Previous);
        Same(first.Runs, back.Runs);
        Same(first.Next, back.Next);
        Assert.Equal(["r8"], newest.Runs.Select(run => run.RunId));
        Assert.Null(newest.Previous);
        Assert.Equal(["r3"], odd.Runs.Select(run => run.RunId));
        Assert.NotNull(odd.Previous);
    }
}
