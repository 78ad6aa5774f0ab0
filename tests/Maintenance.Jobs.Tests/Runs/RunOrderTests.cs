using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>What people tell runs on their way, and runs that go on where an earlier one ended.</summary>
public sealed class RunOrderTests(RunFixture it) : IClassFixture<RunFixture>
{
    const string ThreeSteps = """
        { "steps": [ { "name": "one", "run": "one.sh", "undo": "undo.sh" }, { "name": "two", "run": "two.sh" }, { "name": "three", "run": "ok.sh" } ],
          "finally": [ { "name": "last", "run": "ok.sh" } ] }
        """;

    [Fact]
    public async Task A_paused_run_begins_nothing_until_it_is_resumed_and_both_are_on_record()
    {
        var (up, go) = (it.Scratch("pause-up"), it.Scratch("pause-go"));
        var run = await StartAsync("pause", up, go);
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");

        await TellAsync(run, "pause", new RunOrder { By = "ann", Reason = "the disk is full" });
        await File.WriteAllTextAsync(go, "");
        await Eventually.IsTrue(
            () => StatusOf(run).WaitingFor is { Kind: "paused", Step: "two", Message: "by ann: the disk is full" }, "the run to be held");
        var twice = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => TellAsync(run, "pause", new RunOrder { By = "bob" }));
        await run.SignalAsync("resume", [new RunOrder { By = "bob" }]);
        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Contains("was paused by ann", twice.InnerException!.Message);
        Assert.Equal(
            ["pause by ann: the disk is full", $"pause refused by bob: {twice.InnerException.Message}", "resume by bob: "],
            record.Actions.Select(a => $"{a.Action} by {a.By}: {a.Reason}"));
        Assert.Equal(RunStatus.Succeeded, record.Status);
        Assert.Equal(["run-resume bob", "run-pause-refused bob", "run-pause ann"], (await AuditAsync(record)).Select(a => $"{a.Action} {a.Who}"));
    }

    [Fact]
    public async Task A_skipped_step_is_stopped_and_the_run_goes_on_behind_it()
    {
        var up = it.Scratch("skip-up");
        var run = await StartAsync("skip", up, it.Scratch("skip-never"));
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");

        var wrong = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(
            () => TellAsync(run, "skip", new RunOrder { By = "ann", Step = "tow", Reason = "typo" }));
        await TellAsync(run, "skip", new RunOrder { By = "ann", Step = "three", Reason = "not today" });
        await TellAsync(run, "skip", new RunOrder { By = "ann", Step = "one", Reason = "it hangs" });
        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Contains("these can: one, two, three", wrong.InnerException!.Message);
        Assert.Equal(["one Skipped", "two Succeeded", "three Skipped", "last Succeeded"], record.Steps.Select(s => $"{s.Name} {s.Status}"));
        Assert.Equal("was skipped by ann: it hangs", record.Steps[0].Reason);
        Assert.Equal(AttemptOutcome.Cancelled, record.Steps[0].Attempts.Single().Outcome);
    }

    [Fact]
    public async Task A_verify_step_that_somebody_skips_leaves_the_run_unproven()
    {
        var (up, go) = (it.Scratch("unproven-up"), it.Scratch("unproven-go"));
        var run = await it.StartAsync(
            "unproven", """{ "steps": [ { "name": "a", "run": "a.sh" }, { "name": "check", "run": "b.sh", "verify": true } ] }""",
            ("a.sh", $"touch {up}; while [ ! -e {go} ]; do sleep 0.05; done"), ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");
        await TellAsync(run, "skip", new RunOrder { By = "ann", Step = "check", Reason = "takes too long" });
        await File.WriteAllTextAsync(go, "");

        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());

        Assert.Equal("Step 'check', which verifies the result, was skipped by ann: takes too long.", (await it.RecordOf(run)).Reason);
    }

    [Theory]
    [InlineData(true, "one Cancelled, two Skipped, three Skipped, undo-one Succeeded, last Succeeded")]
    [InlineData(false, "one Cancelled, two Skipped, three Skipped, last Succeeded")]
    public async Task A_cancelled_run_cleans_up_and_undoes_what_it_did_if_asked(bool undo, string steps)
    {
        var up = it.Scratch($"cancel-up-{undo}");
        var run = await StartAsync($"cancel-{undo}".ToLowerInvariant(), up, it.Scratch("cancel-never"));
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");

        await TellAsync(run, "cancel", new RunOrder { By = "ann", Reason = "wrong host", Undo = undo });
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var record = await it.RecordOf(run);

        Assert.Equal(RunStatus.Cancelled, record.Status);
        Assert.Equal("The run was cancelled by ann (wrong host) in step 'one'.", record.Reason);
        Assert.Equal(steps, string.Join(", ", record.Steps.Select(s => $"{s.Name} {s.Status}")));
        Assert.Equal("run-cancel", (await AuditAsync(record)).Single().Action);
    }

    [Fact]
    public async Task A_signal_that_makes_no_sense_changes_nothing_and_is_on_record()
    {
        var (up, go) = (it.Scratch("senseless-up"), it.Scratch("senseless-go"));
        var run = await StartAsync("senseless", up, go);
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");

        await run.SignalAsync("resume", [new RunOrder { By = "ann" }]);
        await run.SignalAsync("skip", []);
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();

        Assert.Equal(
            ["resume refused ann The run is not paused.", "skip refused unknown Skipping needs the step's name and a reason."],
            (await it.RecordOf(run)).Actions.Select(a => $"{a.Action} {a.By} {a.Reason}"));
    }

    [Theory]
    [InlineData("pause", "The run was paused by ann at")]
    [InlineData("resume", "The run is not paused.")]
    [InlineData("skip", "'tow' is no step that can be skipped now; these can: one, two, three.")]
    public async Task An_order_that_is_refused_is_in_the_audit_with_who_sent_it_and_why_it_was_refused(string verb, string why)
    {
        var (up, go) = (it.Scratch($"refused-up-{verb}"), it.Scratch($"refused-go-{verb}"));
        var run = await StartAsync($"refused-{verb}", up, go);
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");
        if (verb == "pause")
            await TellAsync(run, "pause", new RunOrder { By = "ann" });

        var refused = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(
            () => TellAsync(run, verb, new RunOrder { By = "bob", Step = verb == "skip" ? "tow" : null, Reason = "no reason" }));
        if (verb == "pause")
            await TellAsync(run, "resume", new RunOrder { By = "ann" });
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();

        var audited = (await AuditAsync(await it.RecordOf(run))).Single(a => a.Action == $"run-{verb}-refused");
        Assert.Equal("bob", audited.Who);
        Assert.StartsWith(why, audited.Reason);
        Assert.Equal(refused.InnerException!.Message, audited.Reason);
    }

    /// <summary>Its record is made by then, and is waiting for the database.</summary>
    [Fact]
    public async Task An_order_that_comes_while_the_run_is_being_recorded_is_refused_and_in_the_audit()
    {
        var (up, go) = (it.Scratch("refused-late-up"), it.Scratch("refused-late-go"));
        var run = await StartAsync("refused-late", up, go);
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");
        it.StoreIsAway = true;
        await File.WriteAllTextAsync(go, "");
        await Eventually.IsTrue(() => StatusOf(run) is { Phase: "finish" }, "the run to be at its end");

        var refused = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => TellAsync(run, "cancel", new RunOrder { By = "bob" }));
        it.StoreIsAway = false;
        await run.GetResultAsync();

        var audited = (await AuditAsync(await it.RecordOf(run))).Single();
        Assert.Equal(("run-cancel-refused", "bob", refused.InnerException!.Message), (audited.Action, audited.Who, audited.Reason));
    }

    [Fact]
    public async Task A_retry_takes_over_what_is_done_and_the_targets_of_the_step_that_failed()
    {
        var (log, good) = (it.Scratch("retry-log"), it.Scratch("retry-good"));
        const string job = """
            { "input": { "name": { "type": "string" } },
              "steps": [ { "name": "plan", "run": "plan.sh", "env": { "NAME": "${input.name}" } },
                         { "name": "each", "forEach": ["a", "b"], "run": "each.sh", "args": ["${item}", "${steps.plan.outputs.id}"] },
                         { "name": "end", "run": "end.sh", "args": ["${steps.plan.exitCode}"] } ] }
            """;
        await it.PublishAsync(
            "retry", job, ("plan.sh", $"echo plan >>{log}; echo id=$NAME-1 >>$MAINTENANCE_OUTPUT"),
            ("each.sh", $"echo each $1 $2 >>{log}; [ $1 = a ] || [ -e {good} ]"), ("end.sh", $"echo end $1 >>{log}"));
        var first = await it.StartPublishedAsync("retry", new { name = "x" });
        await Assert.ThrowsAsync<WorkflowFailedException>(() => first.GetResultAsync());
        var failed = await it.RecordOf(first);
        // Another version is current by now; the retry is of what ran.
        await it.PublishAsync("retry", job.Replace("\"end.sh\"", "\"other.sh\""), ("other.sh", $"echo other >>{log}"));
        await File.WriteAllTextAsync(good, "");

        var second = await it.StartPublishedAsync(
            "retry", new { name = "x" }, (RunMemo.Cause, "manual"), (RunMemo.Requester, "ann"), (RunMemo.RetryOf, failed.RunId), (RunMemo.Reason, "disk is back"));
        await second.GetResultAsync();
        var record = await it.RecordOf(second);

        Assert.Equal(["plan", "each a x-1", "each b x-1", "each b x-1", "end 0"], await File.ReadAllLinesAsync(log));
        Assert.Equal(failed.BundleHash, record.BundleHash);
        Assert.Equal($"taken over from run {failed.RunId}", record.Steps[0].Reason);
        Assert.Equal(("retry", "ann", "each", $"of run {failed.RunId}: disk is back"), record.Actions.Select(a => (a.Action, a.By, a.Step, a.Reason)).Single());
        Assert.Equal("run-retry", (await AuditAsync(record)).Single().Action);
    }

    [Fact]
    public async Task A_retry_runs_undone_steps_again_and_leaves_out_what_it_is_told_to()
    {
        var log = it.Scratch("undone-log");
        var first = await it.StartAsync(
            "undone", """{ "steps": [ { "name": "one", "run": "one.sh", "undo": "undo.sh" }, { "name": "two", "run": "two.sh" } ] }""",
            ("one.sh", $"echo one >>{log}"), ("undo.sh", $"echo undo >>{log}"), ("two.sh", "exit 1"));
        await Assert.ThrowsAsync<WorkflowFailedException>(() => first.GetResultAsync());
        var failed = await it.RecordOf(first);

        var late = await it.StartPublishedAsync("undone", null, (RunMemo.RetryOf, failed.RunId), (RunMemo.RetryFrom, "two"), (RunMemo.Requester, "eve"));
        var refused = await Assert.ThrowsAsync<WorkflowFailedException>(() => late.GetResultAsync());
        var again = await it.StartPublishedAsync("undone", null, (RunMemo.RetryOf, failed.RunId), (RunMemo.RetrySkip, "two"), (RunMemo.Reason, "not needed"));
        await again.GetResultAsync();

        Assert.Contains("Step 'one' was undone", refused.InnerException!.Message);
        var audited = (await AuditAsync(await it.RecordOf(late))).Single();
        Assert.Equal(("run-retry-refused", "eve", refused.InnerException.Message), (audited.Action, audited.Who, audited.Reason));
        Assert.Equal(["one", "undo", "one"], await File.ReadAllLinesAsync(log));
        Assert.Equal(["one Succeeded", "two Skipped"], (await it.RecordOf(again)).Steps.Select(s => $"{s.Name} {s.Status}"));
    }

    Task<WorkflowHandle> StartAsync(string job, string up, string go) => it.StartAsync(
        $"order-{job}", ThreeSteps, ("one.sh", $"touch {up}; while [ ! -e {go} ]; do sleep 0.05; done"), ("two.sh", "exit 0"), ("ok.sh", "exit 0"),
        ("undo.sh", "exit 0"));

    static Task<RunAction> TellAsync(WorkflowHandle run, string verb, RunOrder order) => run.ExecuteUpdateAsync<RunAction>(verb, [order]);

    async Task<IReadOnlyList<AuditRecord>> AuditAsync(RunRecord run) =>
        await it.Store.ListAuditAsync(new AuditQuery { Subject = $"run:{run.RunId}" }, CancellationToken.None);

    static RunStatusView StatusOf(WorkflowHandle run) => run.QueryAsync<RunStatusView>("status", []).GetAwaiter().GetResult();
}
