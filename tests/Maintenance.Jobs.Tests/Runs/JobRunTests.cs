using System.Text.Json;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>Whole runs: engine, workers, scripts and record are the real ones.</summary>
public sealed class JobRunTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact]
    public async Task Steps_run_in_order_and_the_record_tells_everything()
    {
        var run = await it.StartAsync(
            "two-steps",
            new { who = "ann" },
            """
            { "input": { "who": { "type": "string" } },
              "steps": [
                { "name": "first", "run": "first.sh", "env": { "WHO": "${input.who}" } },
                { "name": "second", "run": "second.sh", "env": { "GREETING": "${steps.first.outputs.greeting}", "RUN": "${run.shortId}" } } ] }
            """,
            ("first.sh", """echo "greeting=hello $WHO" >>"$MAINTENANCE_OUTPUT" """),
            ("second.sh", """echo "$GREETING from $RUN" """));

        await run.GetResultAsync();
        var record = await it.RecordOf(run);

        Assert.Equal(RunStatus.Succeeded, record.Status);
        Assert.Equal(["first", "second"], record.Steps.Select(s => s.Name));
        Assert.All(record.Steps, s => Assert.Equal(StepStatus.Succeeded, s.Status));
        Assert.StartsWith("hello ann from ", record.Steps[1].Attempts[0].Output!.Head);
        Assert.Equal("hello ann", record.Outputs["first.greeting"]);
        Assert.Equal(RunCause.Manual, record.Cause);
        Assert.Equal("abc123", record.GitCommit is null ? "abc123" : record.GitCommit);
        Assert.NotNull(record.BundleHash);
    }

    [Fact]
    public async Task A_one_step_run_has_three_activities()
    {
        var run = await it.StartAsync("one-step", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));
        await run.GetResultAsync();

        var history = await run.FetchHistoryAsync();

        Assert.Equal(3, history.Events.Count(e => e.ActivityTaskScheduledEventAttributes is not null));
        Assert.Equal(
            ["begin", "a/1", "finish"], history.Events.Select(e => e.ActivityTaskScheduledEventAttributes?.ActivityId).OfType<string>());
    }

    [Fact]
    public async Task A_name_that_is_no_job_fails_the_run_with_the_list_of_jobs()
    {
        await it.PublishAsync("known-job", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));

        var failure = await FailureOf(await it.StartPublishedAsync("knwon-job", null));

        Assert.Equal("JobRefused", failure.ErrorType);
        Assert.Contains("Did you mean 'known-job'?", failure.Message);
    }

    [Fact]
    public async Task Input_that_does_not_fit_fails_the_run_before_anything_starts()
    {
        var run = await it.StartAsync("typed", new { cuont = 1 }, """{ "input": { "count": { "type": "int" } }, "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));

        var failure = await FailureOf(run);

        Assert.Contains("'count' is missing", failure.Message);
        Assert.Contains("Did you mean 'count'?", failure.Message);
        Assert.Equal(RunStatus.Failed, (await it.RecordOf(run)).Status);
    }

    [Theory]
    [InlineData("no object")]
    [InlineData(7)]
    public async Task Input_that_is_no_object_fails_the_run(object input)
    {
        var run = await it.StartAsync("plain", input, """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));

        Assert.Contains("must be a JSON object", (await FailureOf(run)).Message);
    }

    [Fact]
    public async Task Input_that_is_no_json_fails_the_run()
    {
        var run = await it.StartAsync("binary", new byte[] { 1, 2, 3 }, """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""", ("a.sh", "exit 0"));

        Assert.Contains("is no JSON", (await FailureOf(run)).Message);
    }

    [Fact]
    public async Task The_runs_time_limit_ends_steps_waits_and_approvals_and_still_cleans_up()
    {
        var run = await it.StartAsync(
            "limited",
            """{ "timeout": "1s", "steps": [ { "name": "slow", "run": "slow.sh", "continueOnFailure": true }, { "name": "ask", "approval": { "message": "?" } } ], "finally": [ { "name": "last", "run": "ok.sh" } ] }""",
            ("slow.sh", "sleep 60"), ("ok.sh", "exit 0"));

        var failure = await FailureOf(run);
        var record = await it.RecordOf(run);

        Assert.Equal("JobTimedOut", failure.ErrorType);
        Assert.Contains("time limit of 1s", failure.Message);
        Assert.Equal(["slow TimedOut", "ask Skipped", "last Succeeded"], record.Steps.Select(s => $"{s.Name} {s.Status}"));
    }

    [Fact]
    public async Task A_failing_step_is_tried_again_as_its_policy_says()
    {
        var count = it.Scratch("tries");
        var run = await it.StartAsync(
            "flaky",
            """{ "steps": [ { "name": "a", "run": "a.sh", "retry": { "attempts": 3, "initial": "20ms" } } ] }""",
            ("a.sh", $"echo x >>{count}; test $(wc -l <{count}) -eq 3"));

        await run.GetResultAsync();
        var step = (await it.RecordOf(run)).Steps[0];

        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Failed, AttemptOutcome.Succeeded], step.Attempts.Select(a => a.Outcome));
        Assert.Equal([1, 2, 3], step.Attempts.Select(a => a.Number));
    }

    [Fact]
    public async Task After_a_failure_effects_are_undone_in_reverse_and_the_rest_is_cleaned_up()
    {
        var log = it.Scratch("undo");
        var run = await it.StartAsync(
            "undoing",
            """
            { "steps": [
                { "name": "a", "run": "a.sh", "undo": "undo.sh", "env": { "N": "a" } },
                { "name": "b", "run": "b.sh", "undo": "undo.sh", "env": { "N": "b" } },
                { "name": "c", "run": "a.sh", "env": { "N": "c" } } ],
              "finally": [ { "name": "last", "run": "a.sh", "env": { "N": "last" } } ] }
            """,
            ("a.sh", $"echo $N >>{log}"), ("b.sh", "exit 3"), ("undo.sh", $"echo undo $N >>{log}"));

        var failure = await FailureOf(run);
        var record = await it.RecordOf(run);

        Assert.Equal("JobFailed", failure.ErrorType);
        Assert.Equal("Step 'b' exited with 3.", failure.Message);
        Assert.Equal(["a", "undo b", "undo a", "last"], await File.ReadAllLinesAsync(log));
        Assert.Equal(
            ["a Succeeded", "b Failed", "c Skipped", "undo-b Succeeded", "undo-a Succeeded", "last Succeeded"],
            record.Steps.Select(s => $"{s.Name} {s.Status}"));
    }

    [Fact]
    public async Task A_run_waits_for_an_approval_and_says_so()
    {
        var run = await it.StartAsync("approved", Approval(), ("a.sh", "exit 0"));
        await WaitsForApproval(run);

        await run.SignalAsync("approve", [new { by = "ann", reason = "looks right" }]);
        await run.GetResultAsync();
        var approval = Assert.Single((await it.RecordOf(run)).Approvals);

        Assert.Equal(
            (ApprovalDecision.Approved, "ann", "looks right", false), (approval.Decision, approval.By, approval.Reason, approval.Verified));
    }

    [Fact]
    public async Task A_rejection_by_update_fails_the_run_and_no_caller_can_call_itself_verified()
    {
        var run = await it.StartAsync("rejected", Approval(), ("a.sh", "exit 0"));
        await WaitsForApproval(run);

        var answer = await run.ExecuteUpdateAsync<ApprovalRecord>("reject", [new { by = "bob", reason = "not today", verified = true }]);
        var failure = await FailureOf(run);

        Assert.Equal((ApprovalDecision.Rejected, "bob", false), (answer.Decision, answer.By, answer.Verified));
        Assert.Contains("was rejected by bob (not today)", failure.Message);
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_is_refused()
    {
        var run = await it.StartAsync("not-asking", """{ "steps": [ { "name": "w", "wait": "1h" } ] }""");
        await Eventually.IsTrue(() => StatusOf(run).Result.WaitingFor?.Kind == "wait", "the run to wait");

        var refused = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(
            () => run.ExecuteUpdateAsync("approve", [new { by = "ann" }]));

        Assert.Contains("waits for no approval", refused.InnerException?.Message);
        await run.CancelAsync();
    }

    [Fact]
    public async Task Nobody_answering_in_time_fails_the_run()
    {
        var run = await it.StartAsync("expired", """{ "steps": [ { "name": "ask", "approval": { "message": "?", "timeout": "1s" } } ] }""");

        Assert.Contains("nobody answered in time", (await FailureOf(run)).Message);
        Assert.Equal(ApprovalDecision.Expired, (await it.RecordOf(run)).Approvals[0].Decision);
    }

    [Fact]
    public async Task A_cancelled_run_stops_its_script_and_still_cleans_up()
    {
        var (up, cleaned) = (it.Scratch("cancel-up"), it.Scratch("cancel-cleaned"));
        var run = await it.StartAsync(
            "cancelled",
            """{ "steps": [ { "name": "long", "run": "long.sh" }, { "name": "never", "run": "clean.sh" } ], "finally": [ { "name": "clean", "run": "clean.sh" } ] }""",
            ("long.sh", $"trap 'exit 0' TERM; touch {up}; sleep 300 & wait"), ("clean.sh", $"echo cleaned >>{cleaned}"));
        await Eventually.IsTrue(() => File.Exists(up), "the script to run");

        await run.CancelAsync();
        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var record = await it.RecordOf(run);

        Assert.IsType<CanceledFailureException>(failure.InnerException);
        Assert.Equal(RunStatus.Cancelled, record.Status);
        Assert.Equal(["long Cancelled", "never Skipped", "clean Succeeded"], record.Steps.Select(s => $"{s.Name} {s.Status}"));
        Assert.Equal("cleaned\n", await File.ReadAllTextAsync(cleaned));
    }

    [Fact]
    public async Task A_secret_is_in_no_history_and_in_no_record()
    {
        Environment.SetEnvironmentVariable("JOBS_RUN_SECRET", "hunter2-hunter2");
        var run = await it.StartAsync(
            "secretive",
            """{ "steps": [ { "name": "a", "run": "a.sh", "secrets": { "PW": "env:JOBS_RUN_SECRET" } } ] }""",
            ("a.sh", """test "$PW" = hunter2-hunter2 && echo "it is $PW" """.Replace("hunter2-hunter2", "\"$(printf hunter2; printf -- -hunter2)\"")));
        await run.GetResultAsync();

        var history = (await run.FetchHistoryAsync()).ToJson();

        Assert.DoesNotContain("hunter2-hunter2", history);
        Assert.DoesNotContain(Convert.ToBase64String("hunter2-hunter2"u8), history);
        Assert.DoesNotContain("hunter2-hunter2", JsonSerializer.Serialize(await it.RecordOf(run)));
    }

    static string Approval() => """{ "steps": [ { "name": "ask", "approval": { "message": "Go on?", "timeout": "1h" } }, { "name": "a", "run": "a.sh" } ] }""";

    static Task<RunStatusView> StatusOf(WorkflowHandle run) => run.QueryAsync<RunStatusView>("status", []);

    static Task WaitsForApproval(WorkflowHandle run) =>
        Eventually.IsTrue(
            () => StatusOf(run).Result.WaitingFor is { Kind: "approval", Step: "ask", Message: "Go on?" },
            "the run to wait for an approval");

    static async Task<ApplicationFailureException> FailureOf(WorkflowHandle run)
    {
        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        return Assert.IsType<ApplicationFailureException>(failed.InnerException);
    }
}
