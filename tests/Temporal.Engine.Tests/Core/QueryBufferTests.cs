using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

/// <summary>Queries that cannot be asked at once.</summary>
public sealed class QueryBufferTests
{
    static Task<QueryWorkflowResponse> QueryAsync(EngineUnderTest engine) => engine.CallAsync(WorkflowServiceMethods.QueryWorkflow, new()
    {
        Namespace = "default",
        Execution = new() { WorkflowId = "one" },
        Query = new() { QueryType = "seen" },
    });

    [Fact]
    public async Task A_second_query_behind_a_task_that_is_due_is_refused()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var first = QueryAsync(engine);
        await Eventually.IsTrue(
            () => engine.Engine.Loop.RunAsync(tx => tx.State.Workflows.FindOpen(tx.State.Namespaces.Get("default").Id, "one")!.Queries.HasAny),
            "the first query waits");

        var refused = await Assert.ThrowsAsync<RpcFailure>(() => QueryAsync(engine));

        Assert.Equal(RpcStatus.ResourceExhausted, refused.Status);
        Assert.StartsWith("consistent query buffer is full", refused.Message, StringComparison.Ordinal);
        var task = await engine.PollWorkflowAsync();
        await engine.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, new()
        {
            Namespace = "default",
            TaskToken = task.TaskToken,
            QueryResults = { { Assert.Single(task.Queries).Key, new() { ResultType = Temporalio.Api.Enums.V1.QueryResultType.Answered, Answer = new() } } },
        });
        Assert.NotNull((await first).QueryResult);
    }

    [Fact]
    public async Task A_query_that_would_end_before_the_first_task_is_refused_at_once()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one", start => start.WorkflowStartDelay = new() { Seconds = 31 });

        var refused = await Assert.ThrowsAsync<RpcFailure>(() => QueryAsync(engine));

        Assert.Equal((RpcStatus.FailedPrecondition, "Workflow task is not scheduled yet."), (refused.Status, refused.Message));
    }
}
