using System.Runtime.CompilerServices;
using Maintenance.Jobs.Locks;
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

    /// <summary>A lock's own workflow is no run, and lives for years.</summary>
    [Fact]
    public async Task A_recorded_lock_replays() => await A_recorded_run_replays("Locks/lock-0.1.0.json");

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

    [Fact]
    public async Task A_run_of_all_kinds_and_controls_replays()
    {
        using var server = new SampleServer((_, count) => new(count == 1 ? 503 : 200, """{ "id": "t1" }"""));
        Environment.SetEnvironmentVariable("REPLAY_DB", $"Data Source={it.Scratch("replay.db")}");
        await it.PublishAsync("replay-inner", """{ "outputs": { "x": "1" }, "steps": [ { "name": "a", "run": "ok.sh" } ] }""", ("ok.sh", "exit 0"));
        var run = await it.StartAsync(
            "kinds",
            new { names = new[] { "a", "b" } },
            $$"""
            { "input": { "names": { "type": "list" } },
              "steps": [
                { "name": "ask", "http": { "url": "{{server.Url}}", "outputs": { "id": "/id" } }, "retry": { "attempts": 2, "initial": "10ms", "jitter": 0.5 } },
                { "name": "make", "sql": { "connection": "env:REPLAY_DB", "query": "create table t (n int)" } },
                { "name": "inner", "job": "replay-inner" },
                { "name": "dns", "activity": { "name": "dns.update", "input": { "zone": "z", "records": [] } } },
                { "name": "past", "wait": { "until": "2026-01-01", "timeZone": "UTC" } },
                { "name": "ready", "wait": { "command": "ready.sh", "interval": "100ms", "timeout": "1m" } },
                { "name": "open", "run": "ok.sh", "window": { "from": "00:00", "to": "00:00", "timeZone": "UTC" } },
                { "name": "never", "run": "ok.sh", "when": "${steps.ask.outputs.id} == 'other'" },
                { "name": "checked", "run": "ok.sh", "verify": "ok.sh", "undo": { "http": { "url": "{{server.Url}}" } } },
                { "name": "each", "forEach": "${input.names}", "waves": [1], "between": { "wait": "10ms" }, "failureBudget": 1, "run": "each.sh", "args": ["${item}"], "undo": "ok.sh" },
                { "name": "broken", "run": "broken.sh" } ] }
            """,
            ("ok.sh", "exit 0"), ("ready.sh", $"echo x >>{it.Scratch("replay-ready")}; test $(wc -l <{it.Scratch("replay-ready")}) -ge 2"),
            ("each.sh", "test $1 = a"), ("broken.sh", "exit 1"));
        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(() => run.GetResultAsync());

        await KeepAndReplayAsync(run, "kinds");
    }

    [Fact]
    public async Task A_run_over_hosts_with_a_restart_replays()
    {
        await it.WriteInventoryAsync("""{ "hosts": { "r-1": {}, "r-2": {}, "r-3": {} }, "quorums": { "q": { "hosts": ["r-1", "r-2"] } } }""");
        it.StartAgent("r-1");
        it.StartAgent("r-2");
        it.StartAgent("r-3");
        var run = await it.StartAsync(
            "hosts",
            """
            { "steps": [
                { "name": "all", "forEach": { "hosts": {} }, "maxParallel": 3, "run": "ok.sh", "env": { "HOST": "${host.name}" } },
                { "name": "restart", "run": "ok.sh", "restarts": "runner" } ] }
            """, ("ok.sh", "exit 0"));
        await Eventually.IsTrue(() => run.QueryAsync<RunStatusView>("status", []).Result.WaitingFor?.Kind == "restart", "the run to wait for the runner");
        await it.StopWorkerAsync();
        it.StartWorker();
        await run.GetResultAsync();

        await KeepAndReplayAsync(run, "hosts");
    }

    [Fact]
    public async Task A_run_that_was_told_things_replays()
    {
        var (up, go) = (it.Scratch("replay-told-up"), it.Scratch("replay-told-go"));
        var run = await it.StartAsync(
            "told", """{ "steps": [ { "name": "a", "run": "a.sh" }, { "name": "b", "run": "b.sh" }, { "name": "c", "run": "c.sh", "undo": "b.sh" } ] }""",
            ("a.sh", $"touch {up}; while [ ! -e {go} ]; do sleep 0.05; done"), ("b.sh", "exit 0"), ("c.sh", $"touch {up}.c; sleep 300"));
        await Eventually.IsTrue(() => File.Exists(up), "the first step to run");
        await run.SignalAsync("pause", [new RunOrder { By = "ann" }]);
        await run.ExecuteUpdateAsync("skip", [new RunOrder { By = "ann", Step = "b", Reason = "why not" }]);
        await File.WriteAllTextAsync(go, "");
        await run.ExecuteUpdateAsync("resume", [new RunOrder { By = "ann" }]);
        await Eventually.IsTrue(() => File.Exists($"{up}.c"), "the last step to run");
        await run.ExecuteUpdateAsync("cancel", [new RunOrder { By = "ann", Undo = true }]);
        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowFailedException>(() => run.GetResultAsync());

        await KeepAndReplayAsync(run, "told");
    }

    [Fact]
    public async Task A_run_that_asked_people_replays()
    {
        await it.PutPeopleAsync("""{ "people": { "ann": {} } }""");
        var run = await it.StartAsync(
            "asked",
            """
            { "steps": [ { "name": "plan", "run": "ok.sh" },
                         { "name": "ask", "approval": { "message": "Go on?", "count": 2, "remindEvery": "1s", "expiresAfter": "2m",
                                                        "escalate": { "after": "1500ms", "to": ["ann"] } } },
                         { "name": "last", "approval": { "message": "Really?" } } ] }
            """,
            ("ok.sh", "echo done; echo x=1 >>$MAINTENANCE_OUTPUT"));
        await run.SignalAsync("approve", [new { by = "too-early" }]);
        await Eventually.IsTrue(() => run.QueryAsync<RunStatusView>("status", []).Result.Question?.Reminders >= 2, "people to be reminded");
        await run.SignalAsync("approve", [new { by = "ann", evidence = "00000000" }]);
        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "ann" }]);
        await Assert.ThrowsAsync<Temporalio.Exceptions.WorkflowUpdateFailedException>(() => run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "ann" }]));
        await run.SignalAsync("approve", [new { by = "bob" }]);
        await Eventually.IsTrue(() => run.QueryAsync<RunStatusView>("status", []).Result.Question?.Step == "last", "the second question");
        await run.ExecuteUpdateAsync("skip", [new RunOrder { By = "bob", Step = "last", Reason = "enough" }]);
        await run.GetResultAsync();

        await KeepAndReplayAsync(run, "asked");
    }

    [Fact]
    public async Task Runs_with_locks_and_the_lock_itself_replay()
    {
        var (up, go) = (it.Scratch("replay-lock-up"), it.Scratch("replay-lock-go"));
        const string job = """
            { "locks": ["replay"],
              "steps": [ { "name": "work", "run": "work.sh", "locks": [ { "name": "replay-step", "slots": 2 } ] },
                         { "name": "each", "forEach": ["a", "b"], "maxParallel": 2, "run": "ok.sh", "locks": ["target:${item}"] } ] }
            """;
        await it.PublishAsync("locked", job, ("work.sh", $"touch {up}; while [ ! -e {go} ]; do sleep 0.05; done"), ("ok.sh", "exit 0"));
        var first = await it.StartPublishedAsync("locked", null);
        await Eventually.IsTrue(() => File.Exists(up), "the first run to hold the lock");
        var second = await it.StartPublishedAsync("locked", null);
        await Eventually.IsTrue(
            () => second.QueryAsync<RunStatusView>("status", []).Result.WaitingFor is { Kind: "lock", Message: var m } && m!.Contains("held by"),
            "the second run to wait");
        await File.WriteAllTextAsync(go, "");
        await Task.WhenAll(first.GetResultAsync(), second.GetResultAsync());

        await KeepAndReplayAsync(second, "locked");
        await KeepAndReplayAsync(it.Client.GetWorkflowHandle(LockRules.WorkflowId("replay")), "Locks/lock");
    }

    static async Task KeepAndReplayAsync(WorkflowHandle run, string name)
    {
        var history = await run.FetchHistoryAsync();
        if (Environment.GetEnvironmentVariable("RECORD_HISTORIES") is { Length: > 0 } version)
            await File.WriteAllTextAsync(Path.Combine(Folder(), $"{name}-{version}.json"), history.ToJson());
        await ReplayAsync(history);
    }

    static Task ReplayAsync(WorkflowHistory history) =>
        new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<JobRunWorkflow>().AddWorkflow<LockWorkflow>()).ReplayWorkflowAsync(history);

    internal static string Folder([CallerFilePath] string here = "") => Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(here)!, "Histories")).FullName;
}
