using Maintenance.Records;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>The worker goes and comes back while a run is on its way; the script runs once and the run ends well.</summary>
public sealed class WorkerRestartTests(RunFixture it) : IClassFixture<RunFixture>
{
    const string OneStep = """{ "steps": [ { "name": "a", "run": "a.sh" }, { "name": "b", "run": "b.sh" } ] }""";

    [Fact]
    public async Task A_script_that_lives_on_is_adopted_by_the_next_worker()
    {
        var (count, go) = (it.Scratch("adopt-count"), it.Scratch("adopt-go"));
        var run = await it.StartAsync(
            "adopt", OneStep, ("a.sh", $"echo started >>{count}; until [ -e {go} ]; do sleep 0.05; done; echo done"), ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(count), "the script to run");

        await it.StopWorkerAsync();
        it.StartWorker();
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();
        var attempt = Assert.Single((await it.RecordOf(run)).Steps[0].Attempts);

        Assert.Equal("started\n", await File.ReadAllTextAsync(count));
        // The new worker may come just before or just after the script's end; it never starts another.
        Assert.True(attempt.Recovery is AttemptRecovery.Adopted or AttemptRecovery.EndedBeforeRetry, $"{attempt.Recovery}");
        Assert.Equal("done\n", attempt.Output!.Head);
    }

    [Fact]
    public async Task A_script_that_ended_meanwhile_is_not_run_again()
    {
        var (count, go) = (it.Scratch("ended-count"), it.Scratch("ended-go"));
        var run = await it.StartAsync(
            "ended", OneStep, ("a.sh", $"echo started >>{count}; until [ -e {go} ]; do sleep 0.05; done; echo ended >>{count}"),
            ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(count), "the script to run");

        await it.StopWorkerAsync();
        await File.WriteAllTextAsync(go, "");
        await Eventually.IsTrue(() => File.ReadAllText(count).EndsWith("ended\n"), "the script to end");
        it.StartWorker();
        await run.GetResultAsync();
        var attempt = Assert.Single((await it.RecordOf(run)).Steps[0].Attempts);

        Assert.Equal("started\nended\n", await File.ReadAllTextAsync(count));
        Assert.Equal(AttemptOutcome.Succeeded, attempt.Outcome);
    }

    [Fact]
    public async Task A_run_that_was_terminated_while_the_worker_was_away_is_contained()
    {
        var up = it.Scratch("terminated-up");
        var run = await it.StartAsync("terminated", OneStep, ("a.sh", $"echo $$ >{up}; sleep 300"), ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(up) && File.ReadAllText(up).EndsWith('\n'), "the script to run");
        var pid = int.Parse(await File.ReadAllTextAsync(up));

        await it.StopWorkerAsync();
        await run.TerminateAsync("by a test");
        Assert.True(Attempts.AttemptFixture.IsRunning(pid));
        it.StartWorker();

        await Eventually.IsTrue(() => !Attempts.AttemptFixture.IsRunning(pid), "the script to be ended");
    }

    [Fact]
    public async Task A_server_that_is_away_longer_than_the_heartbeat_limit_does_not_double_the_script()
    {
        var (count, go) = (it.Scratch("server-count"), it.Scratch("server-go"));
        var run = await it.StartAsync(
            "server-away", OneStep, ("a.sh", $"echo started >>{count}; until [ -e {go} ]; do sleep 0.05; done; echo done"),
            ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(count), "the script to run");

        await it.StopEngineAsync();
        await RunFixture.PassHeartbeatLimitAsync();
        await it.StartEngineAsync();
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();

        Assert.Equal("started\n", await File.ReadAllTextAsync(count));
        Assert.Equal("done\n", Assert.Single((await it.RecordOf(run)).Steps[0].Attempts).Output!.Head);
    }

    [Fact]
    public async Task An_activity_that_is_handed_out_again_attaches_to_the_script_of_the_first_time()
    {
        var (count, go) = (it.Scratch("again-count"), it.Scratch("again-go"));
        var run = await it.StartAsync(
            "again", OneStep, ("a.sh", $"echo started >>{count}; until [ -e {go} ]; do sleep 0.05; done; echo done"), ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(count), "the script to run");

        var token = it.TaskTokens();
        await it.StopWorkerAsync();
        await RunFixture.PassHeartbeatLimitAsync();
        it.StartWorker();
        await Eventually.IsTrue(() => it.TaskTokens() != token, "the activity to be handed out again");
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();

        Assert.Equal("started\n", await File.ReadAllTextAsync(count));
        Assert.Equal(AttemptRecovery.Adopted, Assert.Single((await it.RecordOf(run)).Steps[0].Attempts).Recovery);
    }

    [Fact]
    public async Task A_host_that_nobody_serves_leaves_the_attempt_unknown()
    {
        var run = await it.StartAsync("nowhere", """{ "steps": [ { "name": "a", "run": "a.sh", "runsOn": "no-such-host" } ] }""", ("a.sh", "exit 0"));

        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(() => run.GetResultAsync());
        var step = (await it.RecordOf(run)).Steps[0];

        Assert.Equal(StepStatus.Unknown, step.Status);
        Assert.Contains("no-such-host did not answer", step.Reason);
    }

    [Fact]
    public async Task While_the_database_is_away_the_run_closes_and_its_record_comes_later()
    {
        var go = it.Scratch("store-go");
        var run = await it.StartAsync("store-away", OneStep, ("a.sh", $"until [ -e {go} ]; do sleep 0.05; done"), ("b.sh", "exit 0"));
        await Eventually.IsTrue(
            () => run.QueryAsync<Maintenance.Jobs.Runs.RunStatusView>("status", []).Result.WaitingFor?.Kind == "script",
            "the script to run");

        it.StoreIsAway = true;
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();
        Assert.NotEqual(RunStatus.Succeeded, (await it.Store.FindRunAsync(run.Id, CancellationToken.None)).Run?.Status);
        it.StoreIsAway = false;

        await Eventually.IsTrue(
            () => it.Store.FindRunAsync(run.Id, CancellationToken.None).Result.Run?.Status == RunStatus.Succeeded,
            "the record to be written");
    }
}
