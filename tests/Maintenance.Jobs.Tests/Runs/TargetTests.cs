using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>One step for many targets: lists, hosts with agents of their own, waves, budget, quorum.</summary>
public sealed class TargetTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact]
    public async Task Each_item_of_a_list_has_its_own_attempts_and_record()
    {
        var log = it.Scratch("each");
        var run = await it.StartAsync("each", new { names = new[] { "a b", "c" } }, """
            { "input": { "names": { "type": "list" } },
              "steps": [ { "name": "do", "forEach": "${input.names}", "run": "do.sh", "env": { "ITEM": "${item}", "ALL": "${input.names}" }, "retry": { "attempts": 2, "initial": "10ms" } },
                         { "name": "again", "forEach": "${input.names}", "run": "again.sh", "env": { "SAID": "${steps.do.outputs.said}" }, "when": "${item} != 'c'" } ] }
            """,
            ("do.sh", $"echo \"$ITEM of $(echo \"$ALL\" | wc -l)\" >>{log}; echo said=$ITEM >>$MAINTENANCE_OUTPUT; test $MAINTENANCE_STEP_ATTEMPT = 2 || test \"$ITEM\" = c"),
            ("again.sh", "echo $SAID"));

        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Equal(["do Succeeded 0", "do[a_b] Succeeded 2", "do[c] Succeeded 1", "again Succeeded 0", "again[a_b] Succeeded 1", "again[c] Skipped 0"], record.Steps.Select(s => $"{s.Name} {s.Status} {s.Attempts.Count}"));
        Assert.Equal(["a b of 2", "a b of 2", "c of 2"], await File.ReadAllLinesAsync(log));
        Assert.Equal("a b\n", record.Steps[4].Attempts[0].Output!.Head);
        Assert.Equal(("2", "0"), (record.Outputs["do.targets"], record.Outputs["do.failed"]));
        Assert.Equal([1, 2, 3, 4, 5, 6], record.Steps.Select(s => s.Position));
    }

    [Fact]
    public async Task When_the_budget_is_used_up_no_further_target_starts_and_what_began_is_undone()
    {
        var log = it.Scratch("budget");
        var run = await it.StartAsync("budget", """
            { "steps": [ { "name": "do", "forEach": ["1", "2", "3", "4", "5", "6"], "maxParallel": 1, "failureBudget": 1, "run": "do.sh", "args": ["${item}"], "env": { "ITEM": "${item}" }, "undo": "undo.sh" } ] }
            """, ("do.sh", $"echo do $1 >>{log}; test $1 != 2 && test $1 != 4"), ("undo.sh", $"echo undo $ITEM >>{log}"));

        var failure = await FailureOf(run);
        var record = await it.RecordOf(run);

        Assert.Equal("Step 'do' failed for 2 of 6 targets: do[2] exited with 1.", failure);
        Assert.Equal(["do 1", "do 2", "do 3", "do 4", "undo 4", "undo 3", "undo 2", "undo 1"], await File.ReadAllLinesAsync(log));
        Assert.Equal(2, record.Steps.Count(s => s is { Status: StepStatus.Skipped } && s.Reason!.Contains("the failure budget of 1 was used up")));
    }

    [Fact]
    public async Task Failures_within_the_budget_leave_the_step_green()
    {
        var run = await it.StartAsync("tolerant", """{ "steps": [ { "name": "do", "forEach": ["1", "2", "3", "4"], "failureBudget": "25%", "run": "do.sh", "args": ["${item}"] } ] }""", ("do.sh", "test $1 != 2"));

        await run.GetResultAsync();

        Assert.Equal("failed for 1 of 4 targets, within the budget of 25 %: do[2] exited with 1", (await it.RecordOf(run)).Steps[0].Reason);
    }

    [Fact]
    public async Task Waves_wait_for_the_approval_between_them()
    {
        var log = it.Scratch("waves");
        var run = await it.StartAsync("waves", """
            { "steps": [ { "name": "do", "forEach": ["1", "2", "3", "4", "5"], "waves": [1, "100%"], "between": { "wait": "10ms", "approval": { "message": "Go on?" } }, "maxParallel": 9, "run": "do.sh", "args": ["${item}"] } ] }
            """, ("do.sh", $"echo $1 >>{log}"));
        await Eventually.IsTrue(() => StatusOf(run).Result.WaitingFor?.Kind == "approval", "the run to ask");
        Assert.Equal(["1"], await File.ReadAllLinesAsync(log));

        await run.SignalAsync("approve", [new { by = "ann" }]);
        await run.GetResultAsync();

        Assert.Equal(["1", "2", "3", "4", "5"], (await File.ReadAllLinesAsync(log)).Order());
    }

    [Fact]
    public async Task Hosts_run_their_own_part_and_one_that_is_silent_is_unknown()
    {
        await it.WriteInventoryAsync("""{ "hosts": { "web-1": { "labels": { "role": "web", "port": "81" } }, "web-2": { "labels": { "role": "web" } }, "web-3": { "labels": { "role": "web" } }, "db-1": {} } }""");
        it.StartAgent("web-1");
        it.StartAgent("web-2");
        var run = await it.StartAsync("fleet", """
            { "steps": [ { "name": "do", "forEach": { "hosts": { "labels": { "role": "web" } } }, "maxParallel": 5, "failureBudget": 2, "run": "do.sh", "env": { "HOST": "${host.name}", "PORT": "${host.labels.port}" } },
                         { "name": "one", "runsOn": { "labels": { "port": "81" } }, "run": "do.sh" } ] }
            """, ("do.sh", "echo $HOST $PORT"));

        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Equal(["do Succeeded", "do[web-1] Succeeded", "do[web-2] Succeeded", "do[web-3] Unknown", "one Succeeded"], record.Steps.Select(s => $"{s.Name} {s.Status}"));
        Assert.Equal(["web-1", "web-2", null, "web-1"], record.Steps.Skip(1).Select(s => s.Attempts[0].HostId));
        Assert.Equal("web-1 81\n", record.Steps[1].Attempts[0].Output!.Head);
        Assert.Contains("host web-3 did not answer in time", record.Steps[3].Reason);
    }

    [Fact]
    public async Task Two_hosts_of_a_quorum_are_never_down_at_once()
    {
        await it.WriteInventoryAsync("""{ "hosts": { "db-1": {}, "db-2": {}, "db-3": {}, "app": {} }, "groups": { "db": ["db-1", "db-2", "db-3"] }, "quorums": { "cluster": { "group": "db" } } }""");
        foreach (var host in new[] { "db-1", "db-2", "db-3", "app" })
            it.StartAgent(host);
        var log = it.Scratch("quorum");
        var run = await it.StartAsync("quorum", """{ "steps": [ { "name": "do", "forEach": { "hosts": {} }, "maxParallel": 4, "run": "do.sh", "env": { "HOST": "${host.name}" } } ] }""", ("do.sh", $"echo begin $HOST >>{log}; sleep 0.3; echo end $HOST >>{log}"));

        await run.GetResultAsync();

        var down = 0;
        foreach (var line in (await File.ReadAllLinesAsync(log)).Where(l => l.Contains("db-")))
        {
            down += line.StartsWith("begin", StringComparison.Ordinal) ? 1 : -1;
            Assert.InRange(down, 0, 1);
        }

        Assert.Equal("begin app", (await File.ReadAllLinesAsync(log)).Single(l => l == "begin app"));
    }

    [Fact]
    public async Task Two_hosts_of_a_quorum_are_never_down_at_once_by_two_runs_either()
    {
        await it.WriteInventoryAsync("""{ "hosts": { "kv-1": {}, "kv-2": {}, "kv-3": {} }, "groups": { "kv": ["kv-1", "kv-2", "kv-3"] }, "quorums": { "store": { "group": "kv" } } }""");
        foreach (var host in new[] { "kv-1", "kv-2", "kv-3" })
            it.StartAgent(host);
        var log = it.Scratch("quorums");
        const string job = """{ "steps": [ { "name": "do", "forEach": { "hosts": { "group": "kv" } }, "maxParallel": 3, "run": "do.sh" } ] }""";
        var script = $"test -z \"$MAINTENANCE_LOCK_TOKEN\"; echo begin >>{log}; sleep 0.2; echo end >>{log}";

        var runs = new[] { await it.StartAsync("patch-kv", job, ("do.sh", script)), await it.StartAsync("reboot-kv", job, ("do.sh", script)) };
        foreach (var run in runs)
            await run.GetResultAsync();

        var lines = await File.ReadAllLinesAsync(log);
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(_ => (string[])["begin", "end"]), lines);
        Assert.Equal(["quorum:store"], (await it.RecordOf(runs[1])).Locks.Select(l => l.Name).Distinct());
    }

    [Fact]
    public async Task A_run_that_takes_over_targets_does_only_what_the_earlier_one_left()
    {
        var (log, mended) = (it.Scratch("resume"), it.Scratch("resume-mended"));
        var job = """{ "steps": [ { "name": "do", "forEach": ["1", "2", "3", "4"], "failureBudget": 1, "run": "do.sh", "args": ["${item}"] }, { "name": "gate", "run": "gate.sh" } ] }""";
        var first = await it.StartAsync("resumable", job, ("do.sh", $"echo $1 >>{log}; echo n=$1 >>$MAINTENANCE_OUTPUT; test $1 != 2 || test -e {mended}"), ("gate.sh", $"test -e {mended}"));
        await FailureOf(first);
        await File.WriteAllTextAsync(mended, "");

        var again = await it.StartPublishedAsync("resumable", null, (Maintenance.Schedules.RunMemo.TargetsOf, (await it.RecordOf(first)).RunId));
        await again.GetResultAsync();
        var record = await it.RecordOf(again);

        Assert.Equal(["1", "2", "3", "4", "2"], await File.ReadAllLinesAsync(log));
        Assert.Equal([0, 1, 0, 0], record.Steps.Skip(1).Take(4).Select(s => s.Attempts.Count));
        Assert.StartsWith("done by run ", record.Steps[1].Reason);
        Assert.Equal("1", record.Steps[1].Outputs["n"]);
    }

    [Fact]
    public async Task A_job_for_each_host_runs_there_with_a_record_of_its_own()
    {
        await it.WriteInventoryAsync("""{ "hosts": { "c-1": {}, "c-2": {} } }""");
        it.StartAgent("c-1");
        it.StartAgent("c-2");
        await it.PublishAsync("per-host", """{ "outputs": { "said": "${steps.a.outputs.said} on ${run.host}" }, "steps": [ { "name": "a", "run": "a.sh" }, { "name": "b", "run": "a.sh" } ] }""", ("a.sh", "echo said=$MAINTENANCE_JOB >>$MAINTENANCE_OUTPUT"));
        var run = await it.StartAsync("rolling", """{ "steps": [ { "name": "roll", "forEach": { "hosts": { "names": ["c-1", "c-2"] } }, "maxParallel": 2, "job": "per-host" } ] }""");

        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Equal(["per-host on c-1", "per-host on c-2"], record.Steps.Skip(1).Select(s => s.Outputs["said"]));
        foreach (var target in record.Steps.Skip(1))
        {
            var child = await it.Store.GetRunAsync(target.Outputs["runId"], CancellationToken.None);
            Assert.All(child!.Steps, s => Assert.Equal($"roll[{s.Attempts[0].HostId}]", target.Name));
        }
    }

    [Fact]
    public async Task A_cancelled_step_leaves_no_target_running_and_starts_no_other()
    {
        var up = it.Scratch("cancel-targets");
        var run = await it.StartAsync("cancel-targets", """{ "steps": [ { "name": "do", "forEach": ["1", "2", "3"], "maxParallel": 2, "run": "do.sh", "args": ["${item}"] } ] }""", ("do.sh", $"echo $1 >>{up}; sleep 300"));
        await Eventually.IsTrue(() => File.Exists(up) && File.ReadAllLines(up).Length == 2, "two targets to run");

        await run.CancelAsync();
        var record = await it.RecordOf(run);

        Assert.Equal(["do Cancelled", "do[1] Cancelled", "do[2] Cancelled", "do[3] Cancelled"], record.Steps.Select(s => $"{s.Name} {s.Status}"));
        Assert.Equal(RunStatus.Cancelled, record.Status);
    }

    [Fact]
    public async Task Fifty_hosts_with_agents_of_their_own_are_worked_on_at_once() => await RunFleetAsync(50);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Five_hundred_hosts_with_agents_of_their_own_are_worked_on_at_once() => await RunFleetAsync(500);

    async Task RunFleetAsync(int count)
    {
        var hosts = Enumerable.Range(1, count).Select(n => $"h{count}-{n}").ToList();
        await it.WriteInventoryAsync($$"""{ "hosts": { {{string.Join(", ", hosts.Select(h => $$"""{{"\""}}{{h}}{{"\""}}: { "labels": { "fleet": "{{count}}" } }"""))}} } }""");
        foreach (var host in hosts)
            it.StartAgent(host);
        var run = await it.StartAsync($"fleet-{count}", $$"""
            { "steps": [ { "name": "do", "forEach": { "hosts": { "labels": { "fleet": "{{count}}" } } }, "waves": [1, "20%"], "maxParallel": 50, "run": "do.sh", "env": { "HOST": "${host.name}" } } ] }
            """, ("do.sh", "echo host=$HOST >>$MAINTENANCE_OUTPUT"));

        await run.GetResultAsync();
        var record = await it.RecordOf(run);
        foreach (var host in hosts)
            await it.StopAgentAsync(host);

        Assert.Equal(count + 1, record.Steps.Count);
        Assert.All(record.Steps.Skip(1), s => Assert.Equal((StepStatus.Succeeded, s.Outputs["host"]), (s.Status, s.Attempts.Single().HostId)));
        Assert.Equal(hosts.Order(StringComparer.Ordinal), record.Steps.Skip(1).Select(s => s.Outputs["host"]).Order(StringComparer.Ordinal));
    }

    static Task<RunStatusView> StatusOf(WorkflowHandle run) => run.QueryAsync<RunStatusView>("status", []);

    static async Task<string> FailureOf(WorkflowHandle run)
    {
        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        return Assert.IsType<ApplicationFailureException>(failed.InnerException).Message;
    }
}
