using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Attempts;

/// <summary><c>logs -f</c> shows what scripts write while they write it, across attempts and steps, and ends with the run.</summary>
public sealed class LiveLogTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_follower_sees_each_line_once_while_the_run_is_open_and_ends_with_it()
    {
        await using var installation = new Installation();
        WriteJob(installation);
        await installation.StartAsync();
        var run = (await installation.JsonAsync("trigger", "talks")).GetProperty("runId").GetString()!;

        await using var follower = RunningProgram.Start(
            ["logs", "-f", run, "--data", installation.Data, "--schedules", installation.Path("schedules.json")], installation.Folder,
            installation.Environment);
        await follower.SaysAsync("line 3 of first", Soon);
        installation.Write("go-first", "");
        await follower.SaysAsync("line 3 of second", Soon);
        installation.Write("go-second", "");
        await Eventually.TrueAsync("the follower ends with the run", Soon, () => !follower.Running, () => follower.Said);

        Assert.Equal(0, follower.ExitCode);
        var lines = follower.Said.Split('\n').Where(l => l.StartsWith("line", StringComparison.Ordinal)).ToList();
        string[] expected =
        [
            .. Enumerable.Range(1, 3).Select(n => $"line {n} of first"), "line 4 of first, attempt 1",
            .. Enumerable.Range(1, 3).Select(n => $"line {n} of first"), "line 4 of first, attempt 2",
            .. Enumerable.Range(1, 3).Select(n => $"line {n} of second"), "line 4 of second, attempt 1",
        ];
        Assert.Equal(expected, lines);
        Assert.Contains("--- first, attempt 2", follower.Said);
    }

    /// <summary>The first attempt of the first step fails once it is let go, the second finds its way open.</summary>
    static void WriteJob(Installation installation) => installation.Job(
        "talks",
        """
        { "steps": [ { "name": "first", "run": "talk.sh", "env": { "NAME": "first" }, "retry": { "attempts": 2, "initial": "1s" } },
                     { "name": "second", "run": "talk.sh", "env": { "NAME": "second" } } ] }
        """,
        ("talk.sh",
         $"""
         #!/bin/bash
         for n in 1 2 3; do echo "line $n of $NAME"; done
         until [ -e "{installation.Path("go-")}$NAME" ]; do sleep 0.1; done
         echo "line 4 of $NAME, attempt $MAINTENANCE_STEP_ATTEMPT"
         [ "$NAME" = second ] || [ "$MAINTENANCE_STEP_ATTEMPT" -gt 1 ]
         """));
}
