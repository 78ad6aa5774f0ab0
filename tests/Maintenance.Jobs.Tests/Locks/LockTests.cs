using Maintenance.Jobs.Locks;
using Maintenance.Jobs.Runs;
using Maintenance.Jobs.Tests.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Locks;

/// <summary>Locks between real runs: engine, workers, scripts and store are the real ones.</summary>
public sealed class LockTests(RunFixture it) : IClassFixture<RunFixture>
{
    const string Logs = """echo "begin $MAINTENANCE_RUN_ID" >>LOG; while [ ! -e GO ]; do sleep 0.05; done; echo "end $MAINTENANCE_RUN_ID" >>LOG""";

    [Fact]
    public async Task Two_jobs_with_one_lock_run_one_after_the_other_with_growing_tokens()
    {
        var (log, go) = (it.Scratch("turns"), it.Scratch("turns-go"));
        var script = Logs.Replace("LOG", log).Replace("GO", go) + "; echo \"token=$MAINTENANCE_LOCK_TOKEN\" >>\"$MAINTENANCE_OUTPUT\"; [ \"$MAINTENANCE_LOCK_TOKEN\" = \"$MAINTENANCE_LOCK_TOKEN_TURNS_1\" ]";
        var first = await it.StartAsync("turns-a", """{ "locks": ["turns:1"], "steps": [ { "name": "work", "run": "work.sh" } ] }""", ("work.sh", script));
        await Eventually.IsTrue(() => File.Exists(log), "the first run to hold the lock");
        var second = await it.StartAsync("turns-b", """{ "locks": ["turns:1"], "steps": [ { "name": "work", "run": "work.sh" } ] }""", ("work.sh", script));
        await Eventually.IsTrue(() => StatusOf(second).WaitingFor is { Kind: "lock", Message: var m } && m!.Contains("held by run"), "the second run to wait");
        var lockNow = await Lock("turns:1").QueryAsync<LockStatusView>("status", []);

        await File.WriteAllTextAsync(go, "");
        await Task.WhenAll(first.GetResultAsync(), second.GetResultAsync());
        var (one, two) = (await it.RecordOf(first), await it.RecordOf(second));

        Assert.Equal([one.RunId], lockNow.Holders.Select(h => h.Request.RunId));
        Assert.Equal([two.RunId], lockNow.Queue.Select(q => q.RunId));
        Assert.Equal([$"begin {one.RunId}", $"end {one.RunId}", $"begin {two.RunId}", $"end {two.RunId}"], await File.ReadAllLinesAsync(log));
        Assert.Equal($"{one.Locks.Single().Token}", one.Outputs["work.token"]);
        Assert.True(two.Locks.Single().Token > one.Locks.Single().Token);
        Assert.Contains(one.RunId, two.Locks.Single().HeldBy);
        Assert.True(two.Locks.Single().Waited > TimeSpan.Zero);
        Assert.NotNull(two.Locks.Single().ReleasedAt);
    }

    [Fact]
    public async Task Slots_let_so_many_in_and_no_more()
    {
        var (log, go) = (it.Scratch("slots"), it.Scratch("slots-go"));
        const string job = """{ "input": { "n": { "type": "int" } }, "locks": [ { "name": "slots:${input.n}", "slots": 2 } ], "steps": [ { "name": "work", "run": "work.sh" } ] }""";
        await it.PublishAsync("slots", job, ("work.sh", Logs.Replace("LOG", log).Replace("GO", go)));
        var runs = new List<WorkflowHandle>();
        for (var i = 0; i < 4; i++)
            runs.Add(await it.StartPublishedAsync("slots", new { n = 7 }));
        await Eventually.IsTrue(() => LockOf("slots:7") is { Holders.Count: 2, Queue.Count: 2 }, "two to hold and two to wait");
        Assert.Equal(2, LockOf("slots:7")!.Slots);

        await File.WriteAllTextAsync(go, "");
        await Task.WhenAll(runs.Select(r => r.GetResultAsync()));

        var inside = 0;
        foreach (var line in await File.ReadAllLinesAsync(log))
            Assert.InRange(inside += line.StartsWith("begin") ? 1 : -1, 0, 2);
        await Eventually.IsTrue(() => LockOf("slots:7") is { Holders: [], Queue: [] }, "the lock to be free");
    }

    [Fact]
    public async Task A_run_without_locks_has_no_event_more_than_before()
    {
        var run = await it.StartAsync("lock-free", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));
        await run.GetResultAsync();

        Assert.Equal(
            ["begin", "a/1", "finish"],
            (await run.FetchHistoryAsync()).Events.Select(e => e.ActivityTaskScheduledEventAttributes?.ActivityId).OfType<string>());
    }

    [Fact]
    public async Task A_lock_that_does_not_come_in_time_ends_the_run_before_anything_began()
    {
        var go = it.Scratch("late-go");
        var holder = await HoldAsync("late", "late-lock", go);
        var run = await it.StartAsync(
            "late-b", """{ "locks": [ { "name": "late-lock", "wait": "1s" } ], "steps": [ { "name": "a", "run": "a.sh" } ], "finally": [ { "name": "f", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));

        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var record = await it.RecordOf(run);
        await File.WriteAllTextAsync(go, "");
        await holder.GetResultAsync();

        Assert.Equal(RunStatus.TimedOut, record.Status);
        Assert.Contains("did not get the lock 'late-lock' in 1s", record.Reason);
        Assert.Contains("held by run", record.Reason);
        Assert.All(record.Steps, s => Assert.Equal(StepStatus.Skipped, s.Status));
        await Eventually.IsTrue(() => LockOf("late-lock") is { Holders: [], Queue: [] }, "the lock to be free");
    }

    [Fact]
    public async Task A_cancelled_run_leaves_the_queue()
    {
        var go = it.Scratch("cancel-go");
        var holder = await HoldAsync("cancel-a", "cancel-lock", go);
        var run = await it.StartAsync("cancel-b", """{ "locks": ["cancel-lock"], "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));
        await Eventually.IsTrue(() => LockOf("cancel-lock") is { Queue.Count: 1 }, "the run to wait");

        await run.CancelAsync();
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());

        Assert.Empty(LockOf("cancel-lock")!.Queue);
        Assert.Equal(RunStatus.Cancelled, (await it.RecordOf(run)).Status);
        await File.WriteAllTextAsync(go, "");
        await holder.GetResultAsync();
    }

    /// <summary>
    /// A holder that is cut off hears nothing of losing the lock. It holds an old token then, and whoever guards the resource by the greatest
    /// token seen refuses it.
    /// </summary>
    [Fact]
    public async Task A_terminated_holder_loses_the_lock_and_its_token_is_refused()
    {
        var (resource, write) = (it.Scratch("resource"), it.Scratch("write.sh"));
        await File.WriteAllTextAsync(
            write,
            $$"""
            seen=$(cat {{resource}}.token 2>/dev/null || echo 0)
            [ "$MAINTENANCE_LOCK_TOKEN" -ge "$seen" ] || { echo "token $MAINTENANCE_LOCK_TOKEN is older than $seen" >&2; exit 9; }
            echo "$MAINTENANCE_LOCK_TOKEN" >{{resource}}.token
            echo "$MAINTENANCE_JOB" >>{{resource}}
            """);
        var old = await it.StartAsync(
            "cut-off", """{ "locks": ["guarded"], "steps": [ { "name": "work", "run": "work.sh" } ] }""", ("work.sh", $". {write}; sleep 300"));
        await Eventually.IsTrue(() => File.Exists(resource), "the first run to write");
        var token = LockOf("guarded")!.Holders.Single().Token;
        await old.TerminateAsync("pulled the plug");

        var next = await it.StartAsync("next", """{ "locks": ["guarded"], "steps": [ { "name": "work", "run": "work.sh" } ] }""", ("work.sh", $". {write}"));
        await next.GetResultAsync();
        using var cutOff = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/bin/sh", [write])
        {
            Environment = { ["MAINTENANCE_LOCK_TOKEN"] = $"{token}", ["MAINTENANCE_JOB"] = "cut-off" }, RedirectStandardError = true,
        })!;
        await cutOff.WaitForExitAsync();

        Assert.Equal(9, cutOff.ExitCode);
        Assert.Equal(["cut-off", "next"], await File.ReadAllLinesAsync(resource));
        Assert.False(await Lock("guarded").QueryAsync<bool>("check", [token]));
        Assert.True((await it.RecordOf(next)).Locks.Single().Token > token);
    }

    [Fact]
    public async Task The_lock_outlives_worker_and_engine_and_the_run_goes_on_with_its_token()
    {
        var go = it.Scratch("outlives-go");
        var holder = await HoldAsync("outlives", "outlives-lock", go);
        var before = LockOf("outlives-lock")!.Holders.Single();

        await it.StopWorkerAsync();
        await it.StopEngineAsync();
        await it.StartEngineAsync();
        it.StartWorker();
        await File.WriteAllTextAsync(go, "");
        await holder.GetResultAsync();

        Assert.Equal(before.Token, (await it.RecordOf(holder)).Locks.Single().Token);
        await Eventually.IsTrue(() => LockOf("outlives-lock") is { Holders: [] }, "the lock to be free");
    }

    [Fact]
    public async Task Taken_away_with_a_reason_the_run_fails_before_its_next_step_and_it_is_on_record()
    {
        var go = it.Scratch("broken-go");
        var run = await it.StartAsync(
            "broken-lock", """{ "locks": ["broken"], "steps": [ { "name": "work", "run": "work.sh" }, { "name": "more", "run": "more.sh" } ], "finally": [ { "name": "last", "run": "more.sh" } ] }""",
            ("work.sh", $"while [ ! -e {go} ]; do sleep 0.05; done"), ("more.sh", "exit 0"));
        await Eventually.IsTrue(() => LockOf("broken") is { Holders.Count: 1 }, "the run to hold the lock");

        var refused = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => Lock("broken").ExecuteUpdateAsync<LockStatusView>("break", [new LockBreak { By = "ann" }]));
        var after = await Lock("broken").ExecuteUpdateAsync<LockStatusView>("break", [new LockBreak { By = "ann", Reason = "the host burns" }]);
        await File.WriteAllTextAsync(go, "");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var record = await it.RecordOf(run);

        Assert.Contains("Say why", refused.InnerException!.Message);
        Assert.Empty(after.Holders);
        Assert.Equal("The run lost the lock 'broken', which ann took away: the host burns.", record.Reason);
        Assert.Equal(["work Succeeded", "more Skipped", "last Succeeded"], record.Steps.Select(s => $"{s.Name} {s.Status}"));
        Assert.Equal("ann: the host burns", record.Locks.Single().LostTo);
        var audit = (await it.Store.ListAuditAsync(new AuditQuery { Subject = "lock:broken" }, CancellationToken.None)).Single();
        Assert.Equal(("ann", "release-lock", "the host burns"), (audit.Who, audit.Action, audit.Reason));
    }

    [Fact]
    public async Task A_steps_lock_is_held_for_the_step_only()
    {
        var run = await it.StartAsync(
            "step-lock",
            """{ "locks": ["s-1"], "steps": [ { "name": "a", "run": "a.sh", "locks": ["s-2"] }, { "name": "b", "run": "b.sh" } ] }""",
            ("a.sh", "[ -n \"$MAINTENANCE_LOCK_TOKEN_S_2\" ]"), ("b.sh", "[ -z \"$MAINTENANCE_LOCK_TOKEN_S_2\" ] && [ -n \"$MAINTENANCE_LOCK_TOKEN_S_1\" ]"));

        await run.GetResultAsync();
        var locks = (await it.RecordOf(run)).Locks;

        Assert.Equal(["s-1 ", "s-2 a"], locks.Select(l => $"{l.Name} {l.Step}"));
        Assert.True(locks[1].ReleasedAt < locks[0].ReleasedAt);
    }

    [Fact]
    public async Task A_lock_whose_workflow_was_ended_by_hand_remembers_its_holder_and_who_waits()
    {
        var go = it.Scratch("forgotten-go");
        var holder = await HoldAsync("forgotten", "forgotten-lock", go);
        var before = LockOf("forgotten-lock")!.Holders.Single();
        const string job = """{ "locks": ["forgotten-lock"], "steps": [ { "name": "a", "run": "a.sh" } ] }""";
        await it.PublishAsync("forgotten-b", job, ("a.sh", "exit 0"));
        var waiting = await it.StartPublishedAsync("forgotten-b", null);
        await Eventually.IsTrue(() => LockOf("forgotten-lock") is { Queue.Count: 1 }, "the second run to wait");

        await Lock("forgotten-lock").TerminateAsync("by hand");
        var late = await it.StartPublishedAsync("forgotten-b", null);
        await Eventually.IsTrue(() => LockOf("forgotten-lock") is { Queue.Count: 2 }, "both runs to wait for the lock that began anew");
        var after = LockOf("forgotten-lock")!;
        await File.WriteAllTextAsync(go, "");
        await Task.WhenAll(holder.GetResultAsync(), waiting.GetResultAsync(), late.GetResultAsync());

        Assert.Equal((before.Request.RunId, before.Token), (after.Holders.Single().Request.RunId, after.Holders.Single().Token));
        Assert.Equal((await it.RecordOf(waiting)).RunId, after.Queue[0].RunId);
        Assert.True((await it.RecordOf(waiting)).Locks.Single().Token > before.Token);
    }

    /// <summary>Nobody comes after it, so only asking again finds the queue that is gone.</summary>
    [Fact]
    public async Task A_run_that_waits_asks_again_when_the_locks_workflow_is_gone()
    {
        var go = it.Scratch("asks-again-go");
        var holder = await HoldAsync("asks-again", "asks-again-lock", go);
        var waiting = await it.StartAsync(
            "asks-again-b", """{ "locks": ["asks-again-lock"], "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));
        await Eventually.IsTrue(() => LockOf("asks-again-lock") is { Queue.Count: 1 }, "the second run to wait");

        await Lock("asks-again-lock").TerminateAsync("by hand");
        await File.WriteAllTextAsync(go, "");
        await holder.GetResultAsync();

        await waiting.GetResultAsync();
    }

    [Fact]
    public async Task Each_target_takes_its_own_lock_and_the_step_the_others()
    {
        var run = await it.StartAsync(
            "target-lock",
            """
            { "steps": [ { "name": "each", "forEach": ["a", "b"], "maxParallel": 2, "run": "each.sh", "args": ["${item}"],
                           "undo": "undo.sh", "locks": ["all", "part:${item}"] },
                         { "name": "broken", "run": "broken.sh" } ] }
            """,
            ("each.sh", """
                [ -n "$MAINTENANCE_LOCK_TOKEN_ALL" ] && [ "$MAINTENANCE_LOCK_TOKEN" = "$MAINTENANCE_LOCK_TOKEN_ALL" ]
                [ "$(env | grep -c MAINTENANCE_LOCK_TOKEN_PART_)" = 1 ]
                """),
            ("undo.sh", """[ "$(env | grep -c MAINTENANCE_LOCK_TOKEN_)" = 2 ]"""), ("broken.sh", "exit 1"));

        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var record = await it.RecordOf(run);

        Assert.Equal("Step 'broken' exited with 1.", record.Reason);
        Assert.Equal(
            ["all each", "part:a each[a]", "part:b each[b]", "all undo-each[b]", "part:b undo-each[b]", "all undo-each[a]", "part:a undo-each[a]"],
            record.Locks.Select(l => $"{l.Name} {l.Step}"));
        Assert.All(record.Locks, l => Assert.NotNull(l.ReleasedAt));
    }

    [Theory]
    [InlineData("m", "does not sort behind 'm'")]
    [InlineData("a", "does not sort behind 'm'")]
    [InlineData("z", null)]
    public async Task A_run_that_another_started_takes_locks_behind_those_of_the_other(string wanted, string? refused)
    {
        await it.PublishAsync($"inner-{wanted}", $$"""{ "locks": ["inner:{{wanted}}"], "steps": [ { "name": "a", "wait": "1ms" } ] }""");
        var run = await it.StartAsync(
            $"outer-{wanted}", $$"""{ "locks": ["inner:m"], "steps": [ { "name": "call", "job": "inner-{{wanted}}" } ] }""");

        if (refused is null)
            await run.GetResultAsync();
        else
            await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());

        if (refused is not null)
            Assert.Contains(refused.Replace("'m'", "'inner:m'"), (await it.RecordOf(run)).Reason);
    }

    [Fact]
    public async Task A_long_history_begins_anew_and_nothing_is_lost()
    {
        await it.PublishAsync("many", """{ "locks": ["many"], "steps": [ { "name": "a", "wait": "1ms" } ] }""");
        for (var round = 0; round < 12; round++)
        {
            var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => it.StartPublishedAsync("many", null)));
            await Task.WhenAll(runs.Select(r => r.GetResultAsync()));
        }

        var (first, now) = ((await it.Store.ListRunsAsync(new RunQuery { Job = "many", Limit = 100 }, CancellationToken.None)).Runs, await Lock("many").DescribeAsync());
        var tokens = new List<long?>();
        foreach (var run in first)
            tokens.Add((await it.Store.GetRunAsync(run.RunId, CancellationToken.None))!.Locks.Single().Token);

        Assert.Equal(48, tokens.OfType<long>().Distinct().Count());
        Assert.InRange(now.HistoryLength, 1, 400);
    }

    async Task<WorkflowHandle> HoldAsync(string job, string name, string go)
    {
        var run = await it.StartAsync(job, $$"""{ "locks": ["{{name}}"], "steps": [ { "name": "work", "run": "work.sh" } ] }""", ("work.sh", $"while [ ! -e {go} ]; do sleep 0.05; done"));
        await Eventually.IsTrue(() => LockOf(name) is { Holders.Count: 1 }, "the run to hold the lock");
        return run;
    }

    WorkflowHandle Lock(string name) => it.Client.GetWorkflowHandle(LockRules.WorkflowId(name));

    LockStatusView? LockOf(string name)
    {
        try
        {
            return Lock(name).QueryAsync<LockStatusView>("status", []).GetAwaiter().GetResult();
        }
        catch (RpcException notYet) when (notYet.Code == RpcException.StatusCode.NotFound)
        {
            return null;
        }
    }

    static RunStatusView StatusOf(WorkflowHandle run) => run.QueryAsync<RunStatusView>("status", []).GetAwaiter().GetResult();
}
