using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Commands;

/// <summary>Of a run that is under way, <c>status</c> and <c>show</c> say what it does, what it waits for, and what is tried in vain.</summary>
public sealed class UnderWayTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_step_that_the_host_cannot_start_yet_is_seen_everywhere_and_starts_once_it_can()
    {
        await using var installation = new Installation();
        var interpreter = installation.Path("interpreter");
        File.Copy("/bin/sh", interpreter);
        installation.Job(
            "late", """{ "steps": [ { "name": "first", "run": "first.sh" }, { "name": "second", "run": "second.sh" } ] }""",
            ("first.sh", "#!/bin/sh\n"), ("second.sh", $"#!{interpreter}\n"));
        await installation.StartAsync();

        string run;
        // A program that is being written cannot be executed.
        await using (new FileStream(interpreter, FileMode.Open, FileAccess.Write))
        {
            run = (await installation.JsonAsync("trigger", "late")).GetProperty("runId").GetString()!;
            var shown = await Eventually.GetAsync(
                "show tells what is tried in vain", Soon,
                async () => await installation.CommandAsync("show", run) is var show && show.Output.Contains("Text file busy", StringComparison.Ordinal)
                    ? show
                    : null);
            var status = await installation.CommandAsync("status");

            Assert.Contains("  first  succeeded", shown.Output);
            Assert.Contains("waits for script of second", shown.Output);
            Assert.Contains("! second/1: ", shown.Output);
            Assert.Matches($"! late {run[..8]}, for .*: waits for script of second; second/1: .*Text file busy", status.Output);
            Assert.Equal(1, status.ExitCode);
            Assert.Contains("Step second of late cannot start", installation.Up!.Said);
        }

        Assert.Equal("succeeded", (await installation.FinishedRunAsync(run, Soon)).GetProperty("status").GetString());
        Assert.DoesNotContain(run[..8], (await installation.CommandAsync("status")).Output);
    }
}
