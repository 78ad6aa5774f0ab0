namespace Maintenance.Records.Tests;

public abstract partial class RunStoreContract
{
    static readonly DateTimeOffset Now = Some.Start.AddDays(1000);

    [Fact]
    public async Task Retention_lets_runs_go_by_age_job_and_outcome_with_all_that_is_theirs()
    {
        var policy = new RetentionPolicy
        {
            Runs = new() { Succeeded = TimeSpan.FromDays(10), Failed = TimeSpan.FromDays(20) },
            Jobs = new Dictionary<string, KeepRuns> { ["kept"] = new() { Succeeded = TimeSpan.FromDays(100), Failed = TimeSpan.FromDays(100) } },
        };
        await FinishAsync("young", days: 9, RunStatus.Succeeded);
        await FinishAsync("old", days: 11, RunStatus.Succeeded);
        await FinishAsync("failed-young", days: 19, RunStatus.TimedOut);
        await FinishAsync("failed-old", days: 21, RunStatus.Cancelled);
        await FinishAsync("kept-young", days: 99, RunStatus.Succeeded, "kept");
        await FinishAsync("kept-old", days: 101, RunStatus.Succeeded, "kept");
        await Store.OpenRunAsync(Some.RunningRun("still-running", startedAt: Now.AddDays(-500)), Token);
        await Store.PutFullOutputAsync("old", "a", "text", Now, Token);

        var result = await new RunRetention(Store, policy).RunAsync(Now, Token);

        Assert.Equal(["young", "failed-young", "kept-young", "still-running"], await ListAsync(new()));
        Assert.Equal(3, result.Runs);
        Assert.Null(await Store.GetFullOutputAsync("old", "a", Token));
    }

    [Fact]
    public async Task Retention_goes_on_until_nothing_is_left_and_then_does_nothing()
    {
        for (var i = 0; i < 450; i++)
            await Store.OpenRunAsync(Some.FinishedRun($"r{i}"), Token);
        var retention = new RunRetention(Store, new());

        Assert.Equal(450, (await retention.RunAsync(Now, Token)).Runs);
        Assert.Equal(new PruneResult(0, 0, 0), await retention.RunAsync(Now, Token));
    }

    [Fact]
    public async Task Output_goes_before_its_run_and_messages_only_when_delivered()
    {
        await Store.FinishRunAsync(Some.FullRun("r1"), [Some.Message("m1"), Some.Message("m2", sequence: 2), Some.Message("m3", sequence: 3)], Token);
        await Store.MarkDeliveredAsync(["m1"], Some.Start, Token);
        await Store.DeadLetterAsync("m2", Some.Start, "no", Token);

        var result = await new RunRetention(Store, new()).RunAsync(Some.Start.AddDays(91), Token);

        Assert.Equal(new PruneResult(0, 2, 1), result);
        Assert.Null((await Store.GetRunAsync("r1", Token))?.Steps[0].Attempts[0].Output);
        Assert.Equal(new OutboxHealth(1, Some.Start.AddSeconds(3), 1), await Store.GetOutboxHealthAsync(Token));
    }

    Task FinishAsync(string id, int days, RunStatus status, string job = "backup")
    {
        var start = Now.AddDays(-days);
        var step = new StepRecord { Position = 1, Name = "s", Kind = "run", Status = StepStatus.Succeeded, Attempts = [Some.Attempt(1, "a")] };
        return Store.FinishRunAsync(Some.FinishedRun(id, job, status, start) with { Steps = [step] }, [], Token);
    }
}
