using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>What operators do to single activities, beside what the recorded cases show.</summary>
public sealed class ActivityControlTests
{
    static async Task FailOnceAsync(EngineUnderTest engine)
    {
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Activity("a"));
        var task = await engine.PollActivityAsync();
        await engine.CallAsync(
            WorkflowServiceMethods.RespondActivityTaskFailed, new() { Namespace = "default", TaskToken = task.TaskToken, Failure = new() { Message = "no", ApplicationFailureInfo = new() } });
    }

    [Fact]
    public async Task An_activity_that_is_not_paused_keeps_its_attempts_when_it_is_unpaused()
    {
        await using var engine = await StartAsync();
        await FailOnceAsync(engine);

        await engine.CallAsync(
            WorkflowServiceMethods.UnpauseActivity,
            new() { Namespace = "default", Execution = new() { WorkflowId = "one" }, Id = "a", ResetAttempts = true });

        var pending = Assert.Single((await engine.DescribeAsync("one")).PendingActivities);
        Assert.Equal(2, pending.Attempt);
        Assert.NotNull(pending.NextAttemptScheduleTime);
    }

    [Fact]
    public async Task A_paused_activity_outlasts_its_last_attempt()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Activity("a", activity => activity.RetryPolicy.MaximumAttempts = 1));
        var task = await engine.PollActivityAsync();
        await engine.CallAsync(
            WorkflowServiceMethods.PauseActivity, new() { Namespace = "default", Execution = new() { WorkflowId = "one" }, Id = "a" });

        await engine.CallAsync(
            WorkflowServiceMethods.RespondActivityTaskFailed, new() { Namespace = "default", TaskToken = task.TaskToken, Failure = new() { Message = "no", ApplicationFailureInfo = new() } });

        var pending = Assert.Single((await engine.DescribeAsync("one")).PendingActivities);
        Assert.Equal((PendingActivityState.Paused, 2, "no"), (pending.State, pending.Attempt, pending.LastFailure.Message));
        await engine.CallAsync(
            WorkflowServiceMethods.UnpauseActivity, new() { Namespace = "default", Execution = new() { WorkflowId = "one" }, Id = "a" });
        Assert.Equal(2, (await engine.PollActivityAsync()).Attempt);
    }

    [Fact]
    public async Task A_reset_with_jitter_tries_again_some_time_within_it()
    {
        await using var engine = await StartAsync();
        await FailOnceAsync(engine);

        await engine.CallAsync(
            WorkflowServiceMethods.ResetActivity,
            new() { Namespace = "default", Execution = new() { WorkflowId = "one" }, Id = "a", Jitter = new() { Seconds = 20 } });

        var pending = Assert.Single((await engine.DescribeAsync("one")).PendingActivities);
        var wait = pending.NextAttemptScheduleTime.ToDateTime() - engine.Time.GetUtcNow().UtcDateTime;
        Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(20));
        Assert.Equal(wait, pending.CurrentRetryInterval.ToTimeSpan());
        var next = await engine.WaitingAsync(engine.PollActivityAsync(), TaskQueueType.Activity);
        await engine.AdvanceAsync(wait + TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await next).Attempt);
    }
}
