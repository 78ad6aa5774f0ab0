using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>What may stand on any step: conditions, windows, verify, undo of any kind; waits; runs of other jobs; restarts.</summary>
public sealed class StepControlTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact]
    public async Task A_step_whose_condition_does_not_hold_is_skipped_and_the_run_is_green()
    {
        var run = await it.StartAsync("when", new { mode = "all" }, """
            { "input": { "mode": { "type": "enum", "enum": ["all", "security"] } },
              "steps": [
                { "name": "list", "run": "list.sh" },
                { "name": "yes", "run": "ok.sh", "when": "${steps.list.outputs.pending} > 9 and ${input.mode} in ['all']" },
                { "name": "no", "run": "ok.sh", "when": "not (${steps.yes.status} == 'succeeded')" } ] }
            """, ("list.sh", "echo pending=10 >>$MAINTENANCE_OUTPUT"), ("ok.sh", "exit 0"));

        await run.GetResultAsync();

        Assert.Equal(["list Succeeded", "yes Succeeded", "no Skipped"], await StepsOf(run));
    }

    [Fact]
    public async Task A_condition_without_meaning_fails_the_step_and_not_the_worker()
    {
        var run = await it.StartAsync("when-bad", """{ "steps": [ { "name": "a", "run": "ok.sh", "when": "${run.job} > 3" } ] }""", ("ok.sh", "exit 0"));

        Assert.Contains("'when-bad' is no number", await FailureOf(run));
    }

    [Fact]
    public async Task An_attempt_has_succeeded_only_if_its_verify_does()
    {
        var count = it.Scratch("verify-count");
        var run = await it.StartAsync("verify", """
            { "steps": [ { "name": "deploy", "run": "deploy.sh", "env": { "WHAT": "v2" }, "verify": "check.sh", "retry": { "attempts": 3, "initial": "10ms" } } ] }
            """, ("deploy.sh", $"echo $WHAT >>{count}"), ("check.sh", $"test $WHAT = v2 && test $(wc -l <{count}) -ge 2 || exit 7"));

        await run.GetResultAsync();
        var attempts = (await it.RecordOf(run)).Steps[0].Attempts;

        Assert.Equal(
            ["deploy/1 Succeeded", "deploy:verify/1 Failed", "deploy/2 Succeeded", "deploy:verify/2 Succeeded"],
            attempts.Select(a => $"{a.ActivityId} {a.Outcome}"));
        Assert.Equal([1, 2, 3, 4], attempts.Select(a => a.Number));
        Assert.Equal("verify: exited with 7", attempts[1].Reason);
    }

    [Fact]
    public async Task A_verify_step_that_fails_keeps_the_run_from_being_green_even_if_the_job_goes_on()
    {
        var run = await it.StartAsync("unproven", """
            { "steps": [ { "name": "prove", "run": "bad.sh", "verify": true, "continueOnFailure": true }, { "name": "after", "run": "ok.sh" } ] }
            """, ("bad.sh", "exit 1"), ("ok.sh", "exit 0"));

        Assert.Equal("Step 'prove', which verifies the result, exited with 1.", await FailureOf(run));
        Assert.Equal(["prove Failed", "after Succeeded"], await StepsOf(run));
    }

    [Fact]
    public async Task An_undo_may_be_a_step_of_any_kind()
    {
        using var server = new SampleServer((_, _) => new(200));
        var run = await it.StartAsync("undo-http", $$"""
            { "steps": [
                { "name": "drain", "http": { "method": "POST", "url": "{{server.Url}}/drain" }, "undo": { "http": { "method": "POST", "url": "{{server.Url}}/undrain" } } },
                { "name": "break", "run": "bad.sh" } ] }
            """, ("bad.sh", "exit 1"));

        await FailureOf(run);

        Assert.Equal(["/drain", "/undrain"], server.Requests.Select(r => r.Path));
        Assert.Equal(["drain Succeeded", "break Failed", "undo-drain Succeeded"], await StepsOf(run));
    }

    [Fact]
    public async Task A_wait_ends_when_its_command_says_so()
    {
        var count = it.Scratch("wait-count");
        var run = await it.StartAsync(
            "wait-for", """{ "steps": [ { "name": "ready", "wait": { "command": "ready.sh", "interval": "100ms", "timeout": "1m" } } ] }""",
            ("ready.sh", $"echo x >>{count}; echo lag=0 >>$MAINTENANCE_OUTPUT; test $(wc -l <{count}) -ge 3"));

        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Equal(3, File.ReadAllLines(count).Length);
        Assert.Equal("0", record.Outputs["ready.lag"]);
        Assert.Equal("ready/3", Assert.Single(record.Steps[0].Attempts).ActivityId);
    }

    [Theory]
    [InlineData("""{ "command": "never.sh", "interval": "100ms", "timeout": "1s" }""", "", StepStatus.TimedOut, "waited for never.sh in vain")]
    [InlineData("""{ "command": "never.sh" }""", """, "retry": { "stopOnExitCodes": [3] }""", StepStatus.Failed, "exited with 3, so it stopped waiting")]
    public async Task A_wait_ends_when_its_time_is_over_or_the_command_says_never(string wait, string more, StepStatus status, string words)
    {
        var run = await it.StartAsync("wait-never", $$"""{ "steps": [ { "name": "ready", "wait": {{wait}}{{more}} } ] }""", ("never.sh", "exit 3"));

        Assert.Contains(words, await FailureOf(run));
        Assert.Equal(status, (await it.RecordOf(run)).Steps[0].Status);
    }

    [Fact]
    public async Task A_wait_for_a_moment_that_has_passed_is_none_and_text_that_is_no_moment_fails()
    {
        const string job = """{ "input": { "at": { "type": "string" } }, "steps": [ { "name": "w", "wait": { "until": "${input.at}", "timeZone": "Europe/Berlin" } } ] }""";

        await (await it.StartAsync("wait-until", new { at = "2026-01-01T00:00" }, job)).GetResultAsync();
        Assert.Contains("'soon', which is no time", await FailureOf(await it.StartAsync("wait-until", new { at = "soon" }, job)));
        var run = await it.StartAsync("wait-until", new { at = $"{DateTime.UtcNow.AddHours(3):HH:mm}" }, job);
        await Eventually.IsTrue(() => StatusOf(run).Result.WaitingFor is { Kind: "wait" } w && w.Until > DateTimeOffset.UtcNow, "the run to wait");
        await run.CancelAsync();
    }

    [Fact]
    public async Task A_step_outside_its_window_waits_is_skipped_or_fails()
    {
        var (from, to) = ($"{DateTime.UtcNow.AddHours(3):HH:mm}", $"{DateTime.UtcNow.AddHours(4):HH:mm}");
        string Job(string outside) => $$"""{ "steps": [ { "name": "w", "run": "ok.sh", "window": { "from": "{{from}}", "to": "{{to}}", "timeZone": "UTC", "outside": "{{outside}}" } } ] }""";

        await (await it.StartAsync("window-skip", Job("skip"), ("ok.sh", "exit 0"))).GetResultAsync();
        Assert.Contains("its window is closed until", await FailureOf(await it.StartAsync("window-fail", Job("fail"), ("ok.sh", "exit 0"))));
        var waiting = await it.StartAsync("window-wait", Job("wait"), ("ok.sh", "exit 0"));
        await Eventually.IsTrue(() => StatusOf(waiting).Result.WaitingFor?.Kind == "window", "the run to wait for the window");
        await waiting.CancelAsync();
        Assert.Equal(["w Cancelled"], await StepsOf(waiting));
    }

    [Fact]
    public async Task A_step_that_by_its_own_history_would_not_end_in_the_window_does_not_start()
    {
        var run = await it.StartAsync("window-long", WindowOf("window-long", TimeSpan.FromHours(2), "skip"), ("ok.sh", "sleep 1"));
        await run.GetResultAsync();
        Assert.Equal(["w Succeeded"], await StepsOf(run));
        await it.SetStepDurationAsync("window-long", TimeSpan.FromMinutes(90));

        var late = await it.StartAsync("window-long", WindowOf("window-long", TimeSpan.FromHours(2), "skip"), ("ok.sh", "exit 0"));
        await late.GetResultAsync();

        Assert.Contains("by its own history it takes up to 1h30m", (await it.RecordOf(late)).Steps[0].Reason);
    }

    /// <summary>Open since an hour, for another hour.</summary>
    static string WindowOf(string job, TimeSpan length, string outside)
    {
        var from = DateTime.UtcNow.AddHours(-1);
        return $$"""{ "description": "{{job}}", "steps": [ { "name": "w", "run": "ok.sh", "window": { "from": "{{from:HH:mm}}", "to": "{{from + length:HH:mm}}", "timeZone": "UTC", "outside": "{{outside}}" } } ] }""";
    }

    [Fact]
    public async Task A_job_step_waits_for_the_other_run_and_takes_its_outputs()
    {
        await it.PublishAsync("inner", """{ "input": { "who": { "type": "string" } }, "outputs": { "said": "${steps.a.outputs.said}!" }, "steps": [ { "name": "a", "run": "a.sh", "env": { "WHO": "${input.who}" } } ] }""", ("a.sh", "echo said=hello $WHO >>$MAINTENANCE_OUTPUT"));
        var run = await it.StartAsync("outer", """{ "steps": [ { "name": "call", "job": { "name": "inner", "input": { "who": "${run.job}" } } }, { "name": "b", "run": "b.sh", "env": { "X": "${steps.call.outputs.said}" } } ] }""", ("b.sh", "echo $X"));

        await run.GetResultAsync();
        var record = await it.RecordOf(run);
        var child = await it.Store.GetRunAsync(record.Outputs["call.runId"], CancellationToken.None);

        Assert.Equal("hello outer!\n", record.Steps[1].Attempts[0].Output!.Head);
        Assert.Equal((RunStatus.Succeeded, RunCause.Child, record.RunId), (child!.Status, child.Cause, child.ParentRunId));
        Assert.Equal("hello outer!", child.Outputs["said"]);
    }

    [Fact]
    public async Task A_job_step_fails_with_the_other_run_and_cancels_it_when_its_time_is_over()
    {
        var cleaned = it.Scratch("child-cleaned");
        await it.PublishAsync("slow-inner", """{ "steps": [ { "name": "a", "run": "a.sh" } ], "finally": [ { "name": "clean", "run": "clean.sh" } ] }""", ("a.sh", "sleep 60"), ("clean.sh", $"echo x >>{cleaned}"));
        await it.PublishAsync("bad-inner", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 4"));

        var bad = await FailureOf(await it.StartAsync("outer-bad", """{ "steps": [ { "name": "call", "job": "bad-inner" } ] }"""));
        var late = await FailureOf(await it.StartAsync("outer-late", """{ "steps": [ { "name": "call", "job": "slow-inner", "timeout": "2s" } ] }"""));

        Assert.Equal("Step 'call' failed: Step 'a' exited with 4.", bad);
        Assert.Equal("Step 'call' timed out after 2s.", late);
        Assert.Equal("x\n", await File.ReadAllTextAsync(cleaned));
        var inner = (await it.Store.ListRunsAsync(new RunQuery { Job = "slow-inner" }, CancellationToken.None)).Runs.Single();
        Assert.Equal((RunStatus.Cancelled, true), (inner.Status, inner.Duration < TimeSpan.FromSeconds(50)));
    }

    [Fact]
    public async Task A_step_that_restarts_its_host_goes_on_when_the_boot_id_is_another()
    {
        var up = it.Scratch("reboot-up");
        var run = await it.StartAsync("reboot", """{ "steps": [ { "name": "restart", "reboot": { "command": "reboot.sh", "timeout": "1m" } }, { "name": "after", "run": "ok.sh" } ] }""", ("reboot.sh", $"touch {up}"), ("ok.sh", "exit 0"));
        await Eventually.IsTrue(() => StatusOf(run).Result.WaitingFor?.Kind == "restart", "the run to wait for the host");
        Assert.True(File.Exists(up));

        await it.StopWorkerAsync();
        await File.WriteAllTextAsync(it.BootIdFile, $"boot-{Guid.NewGuid()}\n");
        it.StartWorker();
        await run.GetResultAsync();

        Assert.Contains("Host was restarted (boot-", (await it.RecordOf(run)).Steps[0].Attempts[0].Reason);
    }

    [Fact]
    public async Task A_script_that_is_cut_off_by_its_own_restart_is_no_failure()
    {
        // What a reboot does to a script and its supervisor.
        var run = await it.StartAsync("cut-off", """{ "steps": [ { "name": "restart", "reboot": { "command": "reboot.sh", "timeout": "1m" } } ] }""", ("reboot.sh", "kill -9 $PPID; kill -9 $$"));
        await Eventually.IsTrue(() => StatusOf(run).Result.WaitingFor?.Kind == "restart", "the run to wait for the host");

        await it.StopWorkerAsync();
        await File.WriteAllTextAsync(it.BootIdFile, $"boot-{Guid.NewGuid()}\n");
        it.StartWorker();
        await run.GetResultAsync();

        Assert.Equal(AttemptOutcome.Succeeded, (await it.RecordOf(run)).Steps[0].Attempts.Single().Outcome);
    }

    [Fact]
    public async Task A_restart_whose_script_fails_is_not_waited_for()
    {
        var run = await it.StartAsync("refused-reboot", """{ "steps": [ { "name": "restart", "reboot": { "command": "reboot.sh" } } ] }""", ("reboot.sh", "echo not allowed >&2; exit 5"));

        Assert.Equal("Step 'restart' exited with 5: not allowed.", await FailureOf(run));
    }

    [Fact]
    public async Task A_host_that_does_not_come_back_leaves_the_step_unknown()
    {
        var run = await it.StartAsync("no-reboot", """{ "steps": [ { "name": "restart", "reboot": { "command": "reboot.sh", "timeout": "2s" } } ] }""", ("reboot.sh", "exit 0"));

        Assert.Contains("no other host answered", await FailureOf(run));
        Assert.Equal(StepStatus.Unknown, (await it.RecordOf(run)).Steps[0].Status);
    }

    [Fact]
    public async Task A_step_that_restarts_the_runner_goes_on_with_the_next_one()
    {
        var run = await it.StartAsync("restart-runner", """{ "steps": [ { "name": "upgrade", "run": "install.sh", "restarts": "runner" }, { "name": "after", "run": "install.sh" } ] }""", ("install.sh", "exit 0"));
        await Eventually.IsTrue(() => StatusOf(run).Result.WaitingFor?.Kind == "restart", "the run to wait for the runner");

        await it.StopWorkerAsync();
        it.StartWorker();
        await run.GetResultAsync();

        Assert.Equal(["upgrade Succeeded", "after Succeeded"], await StepsOf(run));
    }

    [Fact]
    public async Task A_step_that_restarts_a_service_goes_on_with_its_next_process()
    {
        var pid = it.Scratch("service.pid");
        using var first = System.Diagnostics.Process.Start("sleep", "300");
        await File.WriteAllTextAsync(pid, $"{first.Id}\n");
        var run = await it.StartAsync("restart-service", $$"""{ "steps": [ { "name": "reload", "run": "reload.sh", "restarts": { "part": "service", "pidFile": "{{pid}}", "timeout": "1m" } } ] }""", ("reload.sh", $"kill $(cat {pid})"));
        await Eventually.IsTrue(() => StatusOf(run).Result.WaitingFor?.Kind == "restart", "the run to wait for the service");

        using var second = System.Diagnostics.Process.Start("sleep", "300");
        await File.WriteAllTextAsync(pid, $"{second.Id}\n");
        await run.GetResultAsync();
        second.Kill();

        Assert.Contains($"process {second.Id} since", (await it.RecordOf(run)).Steps[0].Attempts[0].Reason);
    }

    static Task<RunStatusView> StatusOf(WorkflowHandle run) => run.QueryAsync<RunStatusView>("status", []);

    async Task<IEnumerable<string>> StepsOf(WorkflowHandle run) => (await it.RecordOf(run)).Steps.Select(s => $"{s.Name} {s.Status}");

    static async Task<string> FailureOf(WorkflowHandle run)
    {
        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        return Assert.IsType<ApplicationFailureException>(failed.InnerException).Message;
    }
}
