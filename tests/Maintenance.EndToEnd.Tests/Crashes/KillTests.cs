using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Crashes;

/// <summary>kill -9 of the whole process at moments that nobody chose, and a new start: what was begun goes on where it was.</summary>
public sealed class KillTests
{
    const int Steps = 4;
    const int Kills = 20;

    static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Killed_at_twenty_random_moments_every_run_ends_well_and_no_finished_step_ran_again()
    {
        var seed = Environment.GetEnvironmentVariable("MAINTENANCE_TEST_SEED") is { } given ? int.Parse(given) : Random.Shared.Next();
        var random = new Random(seed);
        await using var installation = new Installation();
        WriteJob(installation);
        var up = await installation.StartAsync();

        var runs = new List<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            runs.Add(await TriggerAsync(installation));
            // Between nothing and a little more than a run takes: between steps, inside a step, while it records.
            await Moment.OfAsync(TimeSpan.FromMilliseconds(random.Next(0, 1_500)));
            await up.KillAsync();
            up = await installation.StartAsync();
        }

        foreach (var run in runs)
        {
            var record = await installation.FinishedRunAsync(run, RunLimit);
            Assert.True(record.GetProperty("status").GetString() == "succeeded", $"seed {seed}: {record}\n{up.Said}");
            for (var step = 1; step <= Steps; step++)
                AssertRanOnce(installation, record, step, seed);
        }
    }

    static void AssertRanOnce(Installation installation, JsonElement record, int step, int seed)
    {
        var id = record.GetProperty("workflowId").GetString()!;
        var log = File.ReadAllLines(installation.Path("ran.log")).Where(line => line.StartsWith($"{id} {step} ", StringComparison.Ordinal)).ToList();
        var ends = log.Count(line => line.EndsWith(" end", StringComparison.Ordinal));
        Assert.True(ends == 1 && log.Count == 2, $"seed {seed}: step {step} of {id} ran as {string.Join(", ", log)}\n{record}");
    }

    static async Task<string> TriggerAsync(Installation installation) =>
        (await installation.JsonAsync("trigger", "steps")).GetProperty("runId").GetString()!;

    static void WriteJob(Installation installation)
    {
        var steps = string.Join(",", Enumerable.Range(1, Steps).Select(n =>
            $$$"""{ "name": "step-{{{n}}}", "run": "step.sh", "idempotent": true, "env": { "STEP": "{{{n}}}", "RUN": "${run.workflowId}" } }"""));
        installation.Job("steps", $$"""{ "steps": [ {{steps}} ] }""",
            ("step.sh",
             $"""
             #!/bin/bash
             echo "$RUN $STEP begin" >>{installation.Path("ran.log")}
             sleep 0.1
             echo "$RUN $STEP end" >>{installation.Path("ran.log")}
             """));
    }
}
