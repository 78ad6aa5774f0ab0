using System.Runtime.CompilerServices;
using Maintenance.Jobs.Runs;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Worker;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>
/// Runs that were recorded by earlier versions go on with this one: approvals wait for weeks, so upgrades meet open runs. A file in
/// Histories/ is never changed; a change of the workflow that breaks one belongs behind Workflow.Patched. RECORD_HISTORIES=NAME adds the
/// histories of this version (take the stack traces out: they name folders of the machine).
/// </summary>
public sealed class RunReplayTests(RunFixture it) : IClassFixture<RunFixture>
{
    public static TheoryData<string> Recorded => [.. Directory.EnumerateFiles(Folder(), "*.json").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task A_recorded_run_replays(string file)
    {
        var history = WorkflowHistory.FromJson("recorded", await File.ReadAllTextAsync(Path.Combine(Folder(), file)));

        await ReplayAsync(history);
    }

    [Fact]
    public async Task A_run_with_retry_approval_undo_and_finally_replays()
    {
        var run = await it.StartAsync(
            "eventful",
            """
            { "steps": [
                { "name": "flaky", "run": "flaky.sh", "retry": { "attempts": 2, "initial": "20ms" }, "undo": "ok.sh" },
                { "name": "ask", "approval": { "message": "Go on?", "timeout": "1h" } },
                { "name": "pause", "wait": "20ms" },
                { "name": "broken", "run": "broken.sh" } ],
              "finally": [ { "name": "last", "run": "ok.sh" } ] }
            """,
            ("flaky.sh", "test \"$MAINTENANCE_STEP_ATTEMPT\" = 2"), ("ok.sh", "exit 0"), ("broken.sh", "echo no; exit 1"));
        await Eventually.IsTrue(
            () => run.QueryAsync<RunStatusView>("status", []).Result.WaitingFor?.Kind == "approval", "the run to wait for an approval");
        await run.SignalAsync("approve", [new { by = "ann" }]);
        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(() => run.GetResultAsync());

        await KeepAndReplayAsync(run, "eventful");
    }

    [Fact]
    public async Task A_cancelled_run_replays()
    {
        var up = it.Scratch("replay-up");
        var run = await it.StartAsync("stopped", """{ "steps": [ { "name": "long", "run": "long.sh" } ], "finally": [ { "name": "last", "run": "ok.sh" } ] }""", ("long.sh", $"touch {up}; sleep 300"), ("ok.sh", "exit 0"));
        await Eventually.IsTrue(() => File.Exists(up), "the script to run");
        await run.CancelAsync();
        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(() => run.GetResultAsync());

        await KeepAndReplayAsync(run, "cancelled");
    }

    static async Task KeepAndReplayAsync(WorkflowHandle run, string name)
    {
        var history = await run.FetchHistoryAsync();
        if (Environment.GetEnvironmentVariable("RECORD_HISTORIES") is { Length: > 0 } version)
            await File.WriteAllTextAsync(Path.Combine(Folder(), $"{name}-{version}.json"), history.ToJson());
        await ReplayAsync(history);
    }

    static Task ReplayAsync(WorkflowHistory history) =>
        new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<JobRunWorkflow>()).ReplayWorkflowAsync(history);

    static string Folder([CallerFilePath] string here = "") => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(here)!, "Histories")).FullName;
}
