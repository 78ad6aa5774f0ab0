using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Fleet;

/// <summary>A step that replaces the runner it is run by: the run goes on with the next process.</summary>
public sealed class RunnerRestartTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_run_goes_on_with_the_next_process_after_its_step_has_killed_this_one()
    {
        await using var installation = new Installation();
        installation.Job(
            "upgrade",
            """{ "steps": [ { "name": "replace", "run": "replace.sh", "restarts": "runner" }, { "name": "after", "run": "after.sh" } ] }""",
            ("replace.sh", $"#!/bin/sh\necho once >>{installation.Path("replaced")}\nkill -9 $(cat {installation.Data}/pid)\n"),
            ("after.sh", "#!/bin/sh\nexit 0\n"));
        var first = await installation.StartAsync();
        var run = (await installation.JsonAsync("trigger", "upgrade")).GetProperty("runId").GetString()!;
        await Eventually.TrueAsync("the runner is gone", Soon, () => !first.Running);

        await installation.StartAsync();
        var record = await installation.FinishedRunAsync(run, Soon);

        Assert.Equal("succeeded", record.GetProperty("status").GetString());
        Assert.Equal("once\n", await File.ReadAllTextAsync(installation.Path("replaced")));
        Assert.StartsWith("Runner was restarted (process ", record.GetProperty("steps")[0].GetProperty("attempts")[0].GetProperty("reason").GetString());
    }
}
