using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Engine.Tests;

public sealed class NamespaceTests
{
    [Fact]
    public async Task A_registered_namespace_is_there_after_a_restart()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(RegisterNamespace, ANamespace("orders", days: 3));

        await engine.RestartAsync();

        var found = await engine.CallAsync(DescribeNamespace, new() { Namespace = "orders" });
        Assert.Equal(TimeSpan.FromDays(3), found.Config.WorkflowExecutionRetentionTtl.ToTimeSpan());
        Assert.Equal(NamespaceState.Registered, found.NamespaceInfo.State);
    }

    [Fact]
    public async Task A_name_can_be_registered_once()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(RegisterNamespace, ANamespace("orders"));

        var failure = await engine.FailAsync(RegisterNamespace, ANamespace("orders"));

        Assert.Equal(RpcStatus.AlreadyExists, failure.Status);
        Assert.NotNull(failure.Detail<NamespaceAlreadyExistsFailure>());
    }

    [Fact]
    public async Task Two_updates_at_the_same_time_are_both_kept()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(RegisterNamespace, ANamespace("orders"));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => engine.CallAsync(
            UpdateNamespace, new() { Namespace = "orders", UpdateInfo = new() { Data = { [$"key-{i}"] = "value" } } })));

        var found = await engine.CallAsync(DescribeNamespace, new() { Namespace = "orders" });
        Assert.Equal(50, found.NamespaceInfo.Data.Count);
    }

    [Fact]
    public async Task The_list_comes_in_pages_without_gaps()
    {
        await using var engine = await RunningEngine.StartAsync();
        foreach (var name in new[] { "c", "a", "b" })
            await engine.CallAsync(RegisterNamespace, ANamespace(name));

        var names = new List<string>();
        var request = new ListNamespacesRequest { PageSize = 2 };
        ListNamespacesResponse page;
        do
        {
            page = await engine.CallAsync(ListNamespaces, request);
            names.AddRange(page.Namespaces.Select(found => found.NamespaceInfo.Name));
            request.NextPageToken = page.NextPageToken;
        }
        while (!page.NextPageToken.IsEmpty);

        Assert.Equal(["a", "b", "c", "default", "temporal-system"], names);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(3599)]
    public async Task Retention_under_an_hour_is_refused(long seconds)
    {
        await using var engine = await RunningEngine.StartAsync();
        var request = ANamespace("orders");
        request.WorkflowExecutionRetentionPeriod = new Duration { Seconds = seconds };

        var failure = await engine.FailAsync(RegisterNamespace, request);

        Assert.Equal((RpcStatus.InvalidArgument, "A valid retention period is not set on request."), (failure.Status, failure.Message));
    }

    [Fact]
    public async Task A_deleted_namespace_frees_its_name_at_once_and_is_gone_in_the_end()
    {
        await using var engine = await RunningEngine.StartAsync();
        await engine.CallAsync(RegisterNamespace, ANamespace("orders"));

        var deleted = await engine.CallAsync(OperatorServiceMethods.DeleteNamespace, new() { Namespace = "orders" });
        await engine.CallAsync(RegisterNamespace, ANamespace("orders"));

        await Eventually.IsTrue(
            async () => !(await ListNamesAsync(engine)).Contains(deleted.DeletedNamespace), $"{deleted.DeletedNamespace} is gone");
        Assert.Contains("orders", await ListNamesAsync(engine));
    }

    static async Task<IReadOnlyList<string>> ListNamesAsync(RunningEngine engine)
    {
        var all = await engine.CallAsync(ListNamespaces, new() { PageSize = 1000, NamespaceFilter = new() { IncludeDeleted = true } });
        return [.. all.Namespaces.Select(found => found.NamespaceInfo.Name)];
    }

    static RegisterNamespaceRequest ANamespace(string name, int days = 1) =>
        new() { Namespace = name, WorkflowExecutionRetentionPeriod = Duration.FromTimeSpan(TimeSpan.FromDays(days)) };
}
