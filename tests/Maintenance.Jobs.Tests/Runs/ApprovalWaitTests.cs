using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;
using static Maintenance.Jobs.Tests.Approvals.SamplePeople;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>Questions that wait for weeks: the clock is set forward, the worker goes and comes back with nothing in memory.</summary>
public sealed class ApprovalWaitTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact]
    public async Task Nobody_answers_for_weeks_people_are_reminded_the_circle_widens_and_the_answer_still_counts()
    {
        var run = await AskAsync(
            "weeks", """ "approvers": ["group:dba"], "expiresAfter": "6w", "remindEvery": "1w", "escalate": { "after": "10d", "to": ["group:oncall"] } """);
        var before = await RefusedAsync(run, "carla");

        await PassAsync(run, TimeSpan.FromDays(7.5), "Reminder 1");
        await it.StopWorkerAsync();
        it.Time.Pass(TimeSpan.FromDays(3));
        it.StartWorker();
        await NoticeAsync(run, "Escalation 1");
        await PassAsync(run, TimeSpan.FromDays(4), "Reminder 2");
        await it.StopWorkerAsync();
        await it.StopEngineAsync();
        await it.StartEngineAsync();
        it.StartWorker();
        await PassAsync(run, TimeSpan.FromDays(14), "Reminder 4");
        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "carla" }]);
        await run.GetResultAsync();
        var approval = (await it.RecordOf(run)).Approvals.Single();

        Assert.Contains("carla is not among the approvers (group:dba)", before);
        Assert.Equal((ApprovalDecision.Approved, "carla", 4), (approval.Decision, approval.By, approval.Reminders));
        Assert.Equal(["group:dba", "group:oncall"], approval.Approvers);
        Assert.InRange(approval.EscalatedAt!.Value - approval.RequestedAt, TimeSpan.FromDays(10), TimeSpan.FromDays(11));
        Assert.Equal(["Asked 0", "Reminder 1", "Escalation 1", "Reminder 2", "Reminder 4"], Notices(run));
        // At least one: a server that lost sight of the activity while the clock was set has it done again, and the outbox takes the same message once.
        var escalations = it.Notices.Where(n => n.WorkflowId == run.Id && n.Kind == ApprovalNoticeKind.Escalation).ToList();
        Assert.NotEmpty(escalations);
        Assert.All(escalations, n => Assert.Equal(["group:oncall"], n.Escalated));
    }

    [Theory]
    [InlineData("fail", RunStatus.Failed, StepStatus.TimedOut)]
    [InlineData("continue", RunStatus.Succeeded, StepStatus.Succeeded)]
    public async Task A_question_that_is_over_takes_no_answer(string onTimeout, RunStatus status, StepStatus step)
    {
        var run = await AskAsync($"over-{onTimeout}", $$""" "expiresAfter": "3w", "onTimeout": "{{onTimeout}}" """);
        it.Time.Pass(TimeSpan.FromDays(20));
        await run.QueryAsync<RunStatusView>("status", []);
        it.Time.Pass(TimeSpan.FromDays(2));
        var record = await it.RecordOf(run);

        Assert.Equal((status, step), (record.Status, record.Steps[0].Status));
        Assert.Equal(ApprovalDecision.Expired, record.Approvals.Single().Decision);
    }

    [Fact]
    public async Task Waiting_for_a_person_is_not_part_of_the_runs_time()
    {
        var run = await AskAsync("not-its-time", """ "expiresAfter": "3w" """);
        it.Time.Pass(TimeSpan.FromDays(9));

        await run.SignalAsync("approve", []);
        await run.GetResultAsync();

        Assert.Equal(RunStatus.Succeeded, (await it.RecordOf(run)).Status);
    }

    [Fact]
    public async Task A_question_between_waves_is_another_one_for_each_wave()
    {
        var run = await StartAsync(
            "waves",
            """
            { "steps": [ { "name": "each", "forEach": ["a", "b", "c"], "waves": [1, 1, 1], "wait": "10ms",
                           "between": { "approval": { "message": "Next?", "expiresAfter": "1d" } } } ] }
            """);
        await WaitsAsync(run);
        var first = (await StatusAsync(run)).Question!;
        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "ann", Evidence = first.Evidence }]);
        await Eventually.IsTrue(() => StatusAsync(run).Result.Question is { } q && q.Evidence != first.Evidence, "the run to ask again");

        var seen = first.Parts.ToDictionary(p => p.Name, p => p.Digest);
        var stale = await RefusedAsync(run, "ann", first.Evidence, seen);
        await run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = "ann" }]);
        await run.GetResultAsync();

        Assert.Contains("question is new: 2 now; steps.each.targets is 1 pending, 2 succeeded now", stale);
        Assert.Equal(2, (await it.RecordOf(run)).Approvals.Count);
        Assert.Equal(2, it.Notices.Where(n => n.WorkflowId == run.Id).Select(n => n.Question).Distinct().Count());
    }

    async Task<WorkflowHandle> AskAsync(string job, string approval)
    {
        var run = await StartAsync(
            job,
            $$"""{ "timeout": "1h", "steps": [ { "name": "sign-off", "approval": { "message": "Go?", {{approval}} } }, { "name": "go", "wait": "10ms" } ] }""");
        await WaitsAsync(run);
        return run;
    }

    async Task<WorkflowHandle> StartAsync(string job, string definition)
    {
        it.Longest = TimeSpan.FromDays(100);
        await it.PutPeopleAsync(Json());
        return await it.StartAsync(job, definition);
    }

    async Task PassAsync(WorkflowHandle run, TimeSpan time, string notice)
    {
        it.Time.Pass(time);
        await NoticeAsync(run, notice);
    }

    Task NoticeAsync(WorkflowHandle run, string notice) => Eventually.IsTrue(() => Notices(run)[^1] == notice, $"the notice '{notice}'");

    List<string> Notices(WorkflowHandle run) => [.. it.Notices
        .Where(n => n.WorkflowId == run.Id)
        .Select(n => $"{n.Kind} {(n.Kind == ApprovalNoticeKind.Reminder ? n.Approval.Reminders : n.Kind == ApprovalNoticeKind.Escalation ? 1 : 0)}")
        .Distinct()];

    static Task WaitsAsync(WorkflowHandle run) => Eventually.IsTrue(() => StatusAsync(run).Result.Question is not null, "the run to ask");

    static Task<RunStatusView> StatusAsync(WorkflowHandle run) => run.QueryAsync<RunStatusView>("status", []);

    static async Task<string> RefusedAsync(WorkflowHandle run, string by, string? evidence = null, IReadOnlyDictionary<string, string>? seen = null) =>
        (await Assert.ThrowsAsync<WorkflowUpdateFailedException>(
            () => run.ExecuteUpdateAsync("approve", [new ApprovalAnswer { By = by, Evidence = evidence, Seen = seen ?? new Dictionary<string, string>() }]))).InnerException!.Message;
}
