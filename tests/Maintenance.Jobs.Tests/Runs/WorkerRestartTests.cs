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
        var run = await it.StartAsync("adopt", OneStep, ("a.sh", $"echo started >>{count}; until [ -e {go} ]; do sleep 0.05; done; echo done"), ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(count), "the script to run");

        await it.StopWorkerAsync();
        it.StartWorker();
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();
        var attempt = Assert.Single((await it.RecordOf(run)).Steps[0].Attempts);

        Assert.Equal("started\n", await File.ReadAllTextAsync(count));
        Assert.Equal(AttemptRecovery.Adopted, attempt.Recovery);
        Assert.Equal("done\n", attempt.Output!.Head);
    }

    [Fact]
    public async Task A_script_that_ended_meanwhile_is_not_run_again()
    {
        var (count, go) = (it.Scratch("ended-count"), it.Scratch("ended-go"));
        var run = await it.StartAsync("ended", OneStep, ("a.sh", $"echo started >>{count}; until [ -e {go} ]; do sleep 0.05; done; echo ended >>{count}"), ("b.sh", "exit 0"));
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
}
