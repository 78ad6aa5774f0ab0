using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

public sealed class ActivityTests
{
    static Task FailAsync(EngineUnderTest engine, PollActivityTaskQueueResponse task) =>
        engine.CallAsync(WorkflowServiceMethods.RespondActivityTaskFailed, new()
        {
            Namespace = "default",
            TaskToken = task.TaskToken,
            Failure = new() { Message = "no", ApplicationFailureInfo = new() { Type = "No" } },
        });

    [Fact]
    public async Task A_failed_attempt_comes_back_after_its_interval_and_only_the_last_one_is_history()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Activity("a"));
        await FailAsync(engine, await engine.PollActivityAsync());

        Assert.EndsWith("ActivityTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);
        var second = await engine.WaitingAsync(engine.PollActivityAsync(), TaskQueueType.Activity);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(9));
        Assert.False(second.IsCompleted);
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

        var task = await second;
        Assert.Equal(2, task.Attempt);
        await engine.CallAsync(WorkflowServiceMethods.RespondActivityTaskCompleted, new() { Namespace = "default", TaskToken = task.TaskToken });
        var history = await engine.HistoryAsync("one");
        Assert.Equal(2, history.Single(one => one.EventType == EventType.ActivityTaskStarted).ActivityTaskStartedEventAttributes.Attempt);
    }

    [Fact]
    public async Task An_attempt_without_heartbeats_times_out_and_its_late_answer_is_refused()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Activity("a", activity =>
        {
            activity.HeartbeatTimeout = new() { Seconds = 5 };
            activity.RetryPolicy.MaximumAttempts = 1;
        }));
        var task = await engine.PollActivityAsync();
        await engine.AdvanceAsync(TimeSpan.FromSeconds(4));
        await engine.CallAsync(WorkflowServiceMethods.RecordActivityTaskHeartbeat, new() { Namespace = "default", TaskToken = task.TaskToken });
        await engine.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.EndsWith("ActivityTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);

        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.EndsWith("ActivityTaskStarted ActivityTaskTimedOut WorkflowTaskScheduled", await engine.TypesAsync("one"), StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<RpcFailure>(() =>
            engine.CallAsync(WorkflowServiceMethods.RespondActivityTaskCompleted, new() { Namespace = "default", TaskToken = task.TaskToken }));
        Assert.Equal(RpcStatus.NotFound, refused.Status);
    }

    [Fact]
    public async Task One_activity_step_costs_two_commits()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var poll = await engine.WaitingAsync(engine.PollActivityAsync(), TaskQueueType.Activity);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Activity("first"));
        var task = await poll;
        var before = engine.Engine.Loop.Commits;

        // A step: the activity's end with the next task's hand-out, the task's end with the next activity's hand-out.
        var nextTask = await engine.WaitingAsync(engine.PollWorkflowAsync(), TaskQueueType.Workflow);
        var nextActivity = await engine.WaitingAsync(engine.PollActivityAsync(), TaskQueueType.Activity);
        await engine.CallAsync(WorkflowServiceMethods.RespondActivityTaskCompleted, new() { Namespace = "default", TaskToken = task.TaskToken });
        await engine.CompleteTaskAsync(await nextTask, Activity("second"));
        await nextActivity;

        Assert.Equal(2, engine.Engine.Loop.Commits - before);
    }
}
