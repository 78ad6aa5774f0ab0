using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Crashes;

/// <summary>A script that is alive when its runner dies is found again, and never started a second time.</summary>
public sealed class AdoptionTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_script_that_outlives_up_is_adopted_and_its_result_recorded()
    {
        await using var installation = await WithLongJobAsync();
        var up = await installation.StartAsync();
        var run = (await installation.JsonAsync("trigger", "long")).GetProperty("runId").GetString()!;
        await BegunAsync(installation);

        await up.KillAsync();
        await installation.StartAsync();
        installation.Write("go-on", "");

        var record = await installation.FinishedRunAsync(run, Soon);
        Assert.Equal("succeeded", record.GetProperty("status").GetString());
        Assert.Equal(1, Begins(installation));
        var attempt = record.GetProperty("steps")[0].GetProperty("attempts")[0];
        Assert.Equal("adopted", attempt.GetProperty("recovery").GetString());
        Assert.Contains("still here", (await installation.CommandAsync("logs", run)).Output);
    }

    [Fact]
    public async Task A_script_that_ended_while_up_was_away_is_not_run_again()
    {
        await using var installation = await WithLongJobAsync();
        var up = await installation.StartAsync();
        var run = (await installation.JsonAsync("trigger", "long")).GetProperty("runId").GetString()!;
        await BegunAsync(installation);

        await up.KillAsync();
        installation.Write("go-on", "");
        await Eventually.TrueAsync("the script has ended", Soon, () => File.Exists(installation.Path("ended")));
        await installation.StartAsync();

        var record = await installation.FinishedRunAsync(run, Soon);
        Assert.Equal("succeeded", record.GetProperty("status").GetString());
        Assert.Equal(1, Begins(installation));
        Assert.Equal("endedBeforeRetry", record.GetProperty("steps")[0].GetProperty("attempts")[0].GetProperty("recovery").GetString());
    }

    [Fact]
    public async Task A_stop_by_SIGTERM_leaves_the_script_alone_and_the_next_start_finds_it()
    {
        await using var installation = await WithLongJobAsync();
        var up = await installation.StartAsync();
        var run = (await installation.JsonAsync("trigger", "long")).GetProperty("runId").GetString()!;
        await BegunAsync(installation);

        Assert.Equal(0, await up.StopAsync());
        await installation.StartAsync();
        installation.Write("go-on", "");

        var record = await installation.FinishedRunAsync(run, Soon);
        Assert.Equal("succeeded", record.GetProperty("status").GetString());
        Assert.Equal(1, Begins(installation));
    }

    static Task BegunAsync(Installation installation) =>
        Eventually.TrueAsync("the script has begun", Soon, () => Begins(installation) > 0, () => installation.Up!.Said);

    static int Begins(Installation installation) =>
        File.Exists(installation.Path("begun")) ? File.ReadAllLines(installation.Path("begun")).Length : 0;

    static Task<Installation> WithLongJobAsync()
    {
        var installation = new Installation();
        installation.Job("long", """{ "steps": [ { "name": "wait", "run": "wait.sh", "timeout": "5m" } ] }""",
            ("wait.sh",
             $"""
             #!/bin/bash
             echo begun >>{installation.Path("begun")}
             until [ -e {installation.Path("go-on")} ]; do sleep 0.1; done
             echo still here
             touch {installation.Path("ended")}
             """));
        return Task.FromResult(installation);
    }
}
