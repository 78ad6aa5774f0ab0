using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;
using Temporalio.Exceptions;
using static Maintenance.Jobs.Tests.Approvals.SamplePeople;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>Questions to people: who may answer, for what, and what is on record of it.</summary>
public sealed class ApprovalRunTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact]
    public async Task A_signed_answer_is_verified_bound_to_the_evidence_and_kept_with_its_token()
    {
        var run = await AskAsync("signed", """ "approvers": ["group:dba"], "verified": true """);
        var question = Question(run);

        var unsigned = await RefusedAsync(run, new() { By = "ann" });
        var stranger = await RefusedAsync(run, new() { Token = Sign(Mallory, run) });
        var answer = await run.ExecuteUpdateAsync<ApprovalRecord>("approve", [new ApprovalAnswer { Token = Sign(Ann, run), By = "eve" }]);
        await run.GetResultAsync();
        var record = await it.RecordOf(run);
        var approval = record.Approvals.Single();

        Assert.Contains("Only signed answers count", unsigned);
        Assert.Contains("Nobody in people.json has the key", stranger);
        Assert.Equal((ApprovalDecision.Approved, "ann", true, "looks right"), (answer.Decision, answer.By, answer.Verified, answer.Reason));
        Assert.Equal((question.Evidence, "ann", true), (approval.EvidenceHash, approval.By, approval.Verified));
        Assert.Equal(
            ["bundle", "host", "input.size", "steps.plan.outputs.hash", "steps.plan.printed", "steps.plan.status"], approval.Evidence.Select(p => p.Name));
        var people = (await it.Store.GetPeopleAsync(CancellationToken.None))!;
        var vote = approval.Votes.Single();
        Assert.Equal(people.Hash, vote.PeopleHash);
        Assert.Equal("", ApprovalToken.Open(vote.Token!, PeopleReader.Read(people.Content, "p").Value!, vote.At).Problem);
        Assert.Equal(
            ["approve refused ann False", "approve refused unknown False", "approve ann True"],
            record.Actions.Select(a => $"{a.Action} {a.By} {a.Verified}"));
        var audit = await it.Store.ListAuditAsync(new AuditQuery { Subject = $"run:{record.RunId}" }, CancellationToken.None);
        Assert.Equal(["run-approve", "run-approve-refused", "run-approve-refused"], audit.Select(a => a.Action));
        Assert.Contains(question.Evidence!, audit[0].DetailJson);
    }

    [Fact]
    public async Task A_token_is_for_one_run_one_step_one_answer_and_one_evidence_and_counts_once()
    {
        var (run, other) = (await AskAsync("once", """ "count": 2 """), await AskAsync("once-other", """ "count": 2 """));
        var question = Question(run);
        var claims = Claims(question, run);

        Assert.Contains("is for run", await RefusedAsync(other, new() { Token = Sign(Ann, run) }));
        Assert.Contains("is for step 'apply'", await RefusedAsync(run, new() { Token = Ann.Sign(claims with { Step = "apply" }) }));
        Assert.Contains("says reject, not approve", await RefusedAsync(run, new() { Token = Ann.Sign(claims with { Answer = "reject" }) }));
        var stale = claims with { Evidence = claims.Evidence[..^1] + (claims.Evidence[^1] == '0' ? '1' : '0') };
        var seen = question.Parts.ToDictionary(p => p.Name, p => p.Name == "steps.plan.outputs.hash" ? "other" : p.Digest);
        Assert.Contains("What changed: steps.plan.outputs.hash is 9f now.", await RefusedAsync(run, new() { Token = Ann.Sign(stale), Seen = seen }));
        Assert.Contains("and what waits now is", await RefusedAsync(run, new() { By = "ann", Evidence = "0123456789ab" }));

        var token = Sign(Ann, run);
        Assert.Equal(ApprovalDecision.Waiting, (await run.ExecuteUpdateAsync<ApprovalRecord>("approve", [new ApprovalAnswer { Token = token }])).Decision);
        Assert.Contains("ann has approved already; one more person is needed", await RefusedAsync(run, new() { Token = token }));
        Assert.Contains("ann has approved already", await RefusedAsync(run, new() { By = "amiller@server" }));
        await run.SignalAsync("approve", [new { by = "bob", evidence = question.Evidence![..12] }]);
        await run.GetResultAsync();
        var approval = (await it.RecordOf(run)).Approvals.Single();

        Assert.Equal(("ann, bob", false), (approval.By, approval.Verified));
        Assert.Equal([true, false], approval.Votes.Select(v => v.Verified));
        await other.CancelAsync();
    }

    [Fact]
    public async Task Who_started_the_run_cannot_approve_it_and_can_reject_it()
    {
        var run = await AskAsync("four-eyes", "", requester: "amiller@laptop");

        Assert.Contains("ann started the run as amiller@laptop", await RefusedAsync(run, new() { Token = Sign(Ann, run) }));
        Assert.Contains("started the run as amiller@laptop", await RefusedAsync(run, new() { By = "ann@server" }));
        Assert.Contains("say who you are", await RefusedAsync(run, new()));
        await run.SignalAsync("approve", []);
        var skipped = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(
            () => run.ExecuteUpdateAsync("skip", [new RunOrder { By = "amiller@laptop", Step = "sign-off", Reason = "I know" }]));
        Assert.Contains("four eyes", skipped.InnerException!.Message);
        await run.ExecuteUpdateAsync("reject", [new ApprovalAnswer { Token = Sign(Ann, run, "reject") }]);
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var record = await it.RecordOf(run);

        Assert.Equal((ApprovalDecision.Rejected, "ann", true), (record.Approvals[0].Decision, record.Approvals[0].By, record.Approvals[0].Verified));
        Assert.Equal(4, record.Actions.Count(a => a.Action == "approve refused"));
    }

    [Fact]
    public async Task Nobody_started_what_a_schedule_started_so_any_one_person_may_approve_it()
    {
        var run = await AskAsync("by-schedule", "");

        await run.SignalAsync("approve", []);
        await run.GetResultAsync();

        Assert.Equal((ApprovalDecision.Approved, "unknown", false), Decided((await it.RecordOf(run)).Approvals[0]));
    }

    [Fact]
    public async Task A_job_can_do_without_four_eyes()
    {
        var run = await AskAsync("two-eyes", """ "fourEyes": false """, requester: "ann@laptop");

        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "ann@laptop" }]);
        await run.GetResultAsync();

        Assert.Equal((ApprovalDecision.Approved, "ann@laptop", false), Decided((await it.RecordOf(run)).Approvals[0]));
    }

    [Fact]
    public async Task Who_stands_in_answers_while_the_delegation_lasts_and_never_for_who_started_the_run()
    {
        var today = DateTimeOffset.UtcNow;
        var over = Delegation("ann", "carla", today.AddDays(-9), today.AddDays(-2));
        var run = await AskAsync("delegated", """ "approvers": ["ann"] """, delegations: over);
        var own = await AskAsync("delegated-own", """ "approvers": ["ann"] """, requester: "ann", delegations: over);

        Assert.Contains("carla is not among the approvers (ann). The delegation of ann to carla is for", await RefusedAsync(run, new() { Token = Sign(Carla, run) }));
        Assert.Contains("bob is not among the approvers", await RefusedAsync(run, new() { Token = Sign(Bob, run, "reject") }, "reject"));
        await it.PutPeopleAsync(Json(Delegation("ann", "carla", today.AddDays(-1), today.AddDays(1))));
        Assert.Contains("carla is not among the approvers", await RefusedAsync(own, new() { Token = Sign(Carla, own) }));
        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { Token = Sign(Carla, run) }]);
        await run.GetResultAsync();

        Assert.Equal("carla for ann", (await it.RecordOf(run)).Approvals[0].Votes.Select(v => $"{v.By} for {v.OnBehalfOf}").Single());
        await own.CancelAsync();
    }

    [Fact]
    public async Task A_database_that_is_away_does_not_keep_people_from_answering()
    {
        var run = await AskAsync("store-away", """ "verified": true """);
        await RefusedAsync(run, new() { Token = Sign(Mallory, run) });

        it.StoreIsAway = true;
        var answer = await run.ExecuteUpdateAsync<ApprovalRecord>("approve", [new ApprovalAnswer { Token = Sign(Ann, run) }]);
        it.StoreIsAway = false;
        await run.GetResultAsync();

        Assert.True(answer.Verified);
    }

    [Fact]
    public async Task A_question_that_not_everybody_may_answer_cannot_be_skipped()
    {
        var run = await AskAsync("unskippable", """ "approvers": ["ann"] """);

        var refused = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(
            () => run.ExecuteUpdateAsync("skip", [new RunOrder { By = "bob", Step = "sign-off", Reason = "no time" }]));

        Assert.Contains("nobody can skip it", refused.InnerException!.Message);
        await run.CancelAsync();
    }

    [Fact]
    public async Task A_retry_takes_a_yes_over_only_for_the_same_evidence()
    {
        var broken = it.Scratch("retry-broken");
        await File.WriteAllTextAsync(broken, "");
        var run = await AskAsync("retried", "", apply: $"test ! -e {broken}");
        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "bob" }]);
        await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var failed = await it.RecordOf(run);
        File.Delete(broken);

        var same = await it.StartPublishedAsync("retried", new { size = 10 }, (RunMemo.RetryOf, failed.RunId));
        await same.GetResultAsync();
        var other = await it.StartPublishedAsync("retried", new { size = 11 }, (RunMemo.RetryOf, failed.RunId));
        await WaitsAsync(other);

        Assert.Contains($"was approved by bob in run {failed.RunId}", (await it.RecordOf(same)).Steps[1].Reason);
        await other.CancelAsync();
    }

    [Theory]
    [InlineData("plan-9f", "plan-9f", true)]
    [InlineData("plan-9f", "plan-9e", false)]
    public async Task What_was_approved_is_looked_at_again_and_one_changed_byte_voids_the_yes(string then, string now, bool holds)
    {
        var (world, log) = (it.Scratch($"world-{now}"), it.Scratch($"world-log-{now}"));
        await File.WriteAllTextAsync(world, then);
        await it.PutPeopleAsync(Json(""));
        await it.PublishAsync(
            "recheck",
            """
            { "steps": [ { "name": "plan", "run": "plan.sh", "idempotent": true },
                         { "name": "sign-off", "approval": { "message": "Apply?", "evidence": ["plan"], "recheck": ["plan"] } },
                         { "name": "apply", "run": "apply.sh", "args": ["${steps.plan.outputs.hash}"] } ] }
            """,
            ("plan.sh", $"echo 1 to add; echo hash=$(cat {world}) >>$MAINTENANCE_OUTPUT"), ("apply.sh", $"echo $1 >>{log}"));
        var run = await it.StartPublishedAsync("recheck", null);
        await WaitsAsync(run);
        await File.WriteAllTextAsync(world, now);

        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "bob" }]);
        if (holds)
            await run.GetResultAsync();
        else
            await Assert.ThrowsAsync<WorkflowFailedException>(() => run.GetResultAsync());
        var record = await it.RecordOf(run);

        Assert.Equal(ApprovalDecision.Approved, record.Approvals.Single().Decision);
        Assert.Equal("plan-9f".Equals(now, StringComparison.Ordinal) ? "plan-9f\n" : "", File.Exists(log) ? await File.ReadAllTextAsync(log) : "");
        Assert.Equal(holds ? StepStatus.Succeeded : StepStatus.Failed, record.Steps[1].Status);
        Assert.Contains(
            holds ? "was approved by bob" : "what was approved has changed since: steps.plan.outputs.hash is plan-9e now", record.Steps[1].Reason);
        Assert.StartsWith("'plan' again: ", record.Steps[1].Attempts.Single().Reason);
    }

    /// <summary>Asks with this approval after a step that made a plan; the answer lets the step <c>apply</c> run.</summary>
    async Task<WorkflowHandle> AskAsync(string job, string approval, string? requester = null, string delegations = "", string apply = "exit 0")
    {
        await it.PutPeopleAsync(Json(delegations));
        await it.PublishAsync(
            job,
            $$"""
            { "input": { "size": { "type": "int", "default": 10 } },
              "steps": [ { "name": "plan", "run": "plan.sh" },
                         { "name": "sign-off", "approval": { "message": "Apply?"{{(approval.Length > 0 ? "," : "")}} {{approval}} } },
                         { "name": "apply", "run": "apply.sh" } ] }
            """,
            ("plan.sh", "echo '1 to add'; echo hash=9f >>$MAINTENANCE_OUTPUT"), ("apply.sh", apply));
        var run = await it.StartPublishedAsync(job, new { size = 10 }, requester is null ? [] : [(RunMemo.Requester, requester)]);
        await WaitsAsync(run);
        return run;
    }

    static Task WaitsAsync(WorkflowHandle run) => Eventually.IsTrue(() => Status(run).Question is not null, "the run to ask");

    static RunStatusView Status(WorkflowHandle run) => run.QueryAsync<RunStatusView>("status", []).GetAwaiter().GetResult();

    static QuestionView Question(WorkflowHandle run) => Status(run).Question!;

    ApprovalClaims Claims(QuestionView question, WorkflowHandle run, string answer = "approve") =>
        Approvals.SamplePeople.Claims(Status(run).RunId, question.Step, question.Evidence!, it.Time.GetUtcNow(), answer);

    string Sign(PersonKey key, WorkflowHandle run, string answer = "approve") => key.Sign(Claims(Question(run), run, answer));

    static async Task<string> RefusedAsync(WorkflowHandle run, ApprovalAnswer answer, string verb = "approve") =>
        (await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => run.ExecuteUpdateAsync(verb, [answer]))).InnerException!.Message;

    static (ApprovalDecision Decision, string? By, bool Verified) Decided(ApprovalRecord approval) => (approval.Decision, approval.By, approval.Verified);
}
