using Maintenance.Records;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>Somebody sets the clock of the machine while a script runs: the script runs once, its end is known, and no time runs backwards.</summary>
public sealed class ClockStepTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Theory]
    // Beyond the heartbeat limit, so that the engine gives the worker up and hands the activity out again; and back beyond all of the run.
    [InlineData(60)]
    [InlineData(-3_600)]
    public async Task A_script_that_runs_while_the_clock_is_set_runs_once_and_its_end_is_known(int seconds)
    {
        var (count, go) = (it.Scratch($"count{seconds}"), it.Scratch($"go{seconds}"));
        var run = await it.StartAsync(
            $"clock{seconds}", """{ "steps": [ { "name": "a", "run": "a.sh" }, { "name": "b", "run": "b.sh" } ] }""",
            ("a.sh", $"echo started >>{count}; until [ -e {go} ]; do sleep 0.05; done; echo done"), ("b.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(count), "the script to run");

        it.Time.Pass(TimeSpan.FromSeconds(seconds));
        if (seconds > 0)
            await Eventually.IsTrue(() => DispatchesOf(run).Result > 1, "the engine to hand the activity out again");
        await File.WriteAllTextAsync(go, "");
        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Equal("started\n", await File.ReadAllTextAsync(count));
        Assert.Equal(RunStatus.Succeeded, record.Status);
        var attempt = Assert.Single(record.Steps[0].Attempts);
        Assert.Equal("done\n", attempt.Output!.Head);
        Assert.True(record.Duration >= TimeSpan.Zero && attempt.Duration >= TimeSpan.Zero, $"{record.Duration} {attempt.Duration}");
    }

    async Task<int> DispatchesOf(Temporalio.Client.WorkflowHandle run)
    {
        var described = await it.Client.WorkflowService.DescribeWorkflowExecutionAsync(
            new() { Namespace = it.Client.Options.Namespace, Execution = new() { WorkflowId = run.Id } });
        return described.PendingActivities.Select(a => a.Attempt).DefaultIfEmpty(0).Max();
    }
}
