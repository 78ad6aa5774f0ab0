using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporal.Protocol;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>In which order workers get tasks, and what a description says of a workflow whose tasks fail or that has had several builds.</summary>
public sealed class TaskOrderAndProblemTests
{
    const string Problems = WorkflowRun.ProblemsAttribute;

    [Fact]
    public async Task Tasks_come_by_priority_and_among_equals_by_age()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("late", request => request.Priority = new() { PriorityKey = 5 });
        await engine.StartWorkflowAsync("plain");
        await engine.StartWorkflowAsync("also plain", request => request.Priority = new() { PriorityKey = 3 });
        await engine.StartWorkflowAsync("urgent", request => request.Priority = new() { PriorityKey = 1 });
        await engine.StartWorkflowAsync("beyond", request => request.Priority = new() { PriorityKey = 99 });

        var order = new List<string>();
        for (var i = 0; i < 5; i++)
            order.Add((await engine.PollWorkflowAsync()).WorkflowExecution.WorkflowId);

        Assert.Equal(["urgent", "plain", "also plain", "late", "beyond"], order);
    }

    [Fact]
    public async Task An_activity_has_the_priority_of_its_workflow_unless_it_says_its_own()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one", request => request.Priority = new() { PriorityKey = 4 });
        await engine.StartWorkflowAsync("two");
        // The workflow without a priority comes before the one of 4.
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Activity("two's"));
        await engine.CompleteTaskAsync(
            await engine.PollWorkflowAsync(), Activity("inherits"), Activity("first", attributes => attributes.Priority = new() { PriorityKey = 1 }));

        var order = new List<string>();
        for (var i = 0; i < 3; i++)
            order.Add((await engine.PollActivityAsync()).ActivityId);

        Assert.Equal(["first", "two's", "inherits"], order);
    }

    [Fact]
    public async Task Five_failed_tasks_in_a_row_are_a_reported_problem_until_one_completes()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        for (var i = 0; i < 4; i++)
            await FailTaskAsync(engine);
        Assert.DoesNotContain(Problems, await AttributesAsync(engine));

        await FailTaskAsync(engine);

        Assert.Contains(Problems, await AttributesAsync(engine));
        var found = await engine.CallAsync(WorkflowServiceMethods.CountWorkflowExecutions, new()
        {
            Namespace = "default",
            Query = $"{Problems} IN ('category=WorkflowTaskFailed', 'category=WorkflowTaskTimedOut')",
        });
        Assert.Equal(1, found.Count);
        await engine.RestartAsync();
        Assert.Contains(Problems, await AttributesAsync(engine));

        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("t", TimeSpan.FromHours(1)));

        Assert.DoesNotContain(Problems, await AttributesAsync(engine));
    }

    static async Task FailTaskAsync(EngineUnderTest engine)
    {
        var task = await engine.PollWorkflowAsync();
        await engine.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskFailed, new()
        {
            Namespace = "default", TaskToken = task.TaskToken, Cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, Failure = new() { Message = "broken" },
        });
    }

    static async Task<ICollection<string>> AttributesAsync(EngineUnderTest engine) =>
        (await engine.DescribeAsync("one")).WorkflowExecutionInfo.SearchAttributes.IndexedFields.Keys;

    [Fact]
    public async Task Each_build_of_a_worker_leaves_a_reset_point_and_the_next_run_takes_it_over_until_the_old_one_is_deleted()
    {
        await using var engine = await StartAsync();
        var runId = await engine.StartWorkflowAsync("one");
        await CompleteAsBuildAsync(engine, "1.0", Timer("t", TimeSpan.FromSeconds(1)));
        await engine.AdvanceAsync(TimeSpan.FromSeconds(2));
        await CompleteAsBuildAsync(engine, "1.0", Timer("u", TimeSpan.FromSeconds(1)));
        await engine.AdvanceAsync(TimeSpan.FromSeconds(2));
        await CompleteAsBuildAsync(engine, "2.0", new Command
        {
            CommandType = CommandType.ContinueAsNewWorkflowExecution, ContinueAsNewWorkflowExecutionCommandAttributes = new(),
        });

        var points = (await engine.DescribeAsync("one")).WorkflowExecutionInfo.AutoResetPoints.Points;

        Assert.Equal(["1.0", "2.0"], points.Select(point => point.BuildId));
        Assert.Equal([4L, 14L], points.Select(point => point.FirstWorkflowTaskCompletedId));
        Assert.All(points, point => Assert.Equal(runId, point.RunId));
        Assert.All(points, point => Assert.True(point.Resettable && point.ExpireTime is not null));
    }

    static async Task CompleteAsBuildAsync(EngineUnderTest engine, string buildId, params Command[] commands)
    {
        var task = await engine.PollWorkflowAsync();
        await engine.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, new()
        {
            Namespace = "default",
            TaskToken = task.TaskToken,
            Commands = { commands },
#pragma warning disable CS0612 // Deprecated, and how workers without versioning say their build.
            WorkerVersionStamp = new() { BuildId = buildId },
#pragma warning restore CS0612
        });
    }

    [Fact]
    public async Task Each_namespace_has_its_own_retention_and_much_is_deleted_in_small_steps()
    {
        await using var engine = await StartAsync();
        await engine.CallAsync(WorkflowServiceMethods.RegisterNamespace, new()
        {
            Namespace = "short", WorkflowExecutionRetentionPeriod = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromHours(1)),
        });
        await CloseAsync(engine, "default", 1);
        await CloseAsync(engine, "short", 120);

        await engine.AdvanceAsync(TimeSpan.FromMinutes(62));
        var afterOneStep = await CountAsync(engine, "short");
        for (var i = 0; i < 5; i++)
            await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.InRange(afterOneStep, 1, 119);
        Assert.Equal(0, await CountAsync(engine, "short"));
        Assert.Equal(1, await CountAsync(engine, "default"));
    }

    static Task CloseAsync(EngineUnderTest engine, string ns, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
    {
        await engine.StartWorkflowAsync($"w{i}", request => request.Namespace = ns);
        await engine.CallAsync(WorkflowServiceMethods.TerminateWorkflowExecution, new() { Namespace = ns, WorkflowExecution = new() { WorkflowId = $"w{i}" } });
    }));

    static async Task<long> CountAsync(EngineUnderTest engine, string ns) =>
        (await engine.CallAsync(WorkflowServiceMethods.CountWorkflowExecutions, new() { Namespace = ns })).Count;
}
