using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;

namespace Temporalio.Tests.EndToEnd;

public class ListTests(EngineFixture engine)
{
    [Fact]
    public async Task Workflows_are_listed_and_counted_by_a_filter()
    {
        var job = EngineFixture.NewName("job");
        for (var i = 0; i < 3; i++)
        {
            await engine.Client.StartWorkflowAsync(
                (Approval wf) => wf.RunAsync(1),
                new($"{job}-{i}", "no-worker")
                {
                    TypedSearchAttributes = new SearchAttributeCollection.Builder()
                        .Set(EngineFixture.Job, job)
                        .ToSearchAttributeCollection(),
                });
        }

        await engine.Client.GetWorkflowHandle($"{job}-1").TerminateAsync();

        var running = await Eventually.GetAsync("two running in the list", async () =>
        {
            var found = await IdsAsync($"Job = '{job}' AND ExecutionStatus = 'Running'", limit: 0);
            return found.Count == 2 ? found : null;
        });
        Assert.Equal([$"{job}-0", $"{job}-2"], running.Order());
        Assert.Equal(3, (await engine.Client.CountWorkflowsAsync($"Job = '{job}'")).Count);
        Assert.Single(await IdsAsync($"Job = '{job}'", limit: 1));

        var page = await engine.Client.ListWorkflowsPaginatedAsync($"Job = '{job}'", null, new() { PageSize = 2 });
        var rest = await engine.Client.ListWorkflowsPaginatedAsync($"Job = '{job}'", page.NextPageToken, new() { PageSize = 2 });
        Assert.Equal((2, 1), (page.Workflows.Count, rest.Workflows.Count));
        Assert.Contains(page.Workflows.Concat(rest.Workflows), found => found.Status == WorkflowExecutionStatus.Terminated);
    }

    async Task<List<string>> IdsAsync(string query, int limit)
    {
        var ids = new List<string>();
        await foreach (var execution in engine.Client.ListWorkflowsAsync(query, new() { Limit = limit }))
            ids.Add(execution.Id);
        return ids;
    }
}
