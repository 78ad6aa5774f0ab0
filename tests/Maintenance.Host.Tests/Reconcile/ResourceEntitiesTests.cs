using Maintenance.Host.Reconcile;

namespace Maintenance.Host.Tests.Reconcile;

public sealed class ResourceEntitiesTests : IAsyncLifetime
{
    readonly FakeScheduleServer _server = new();
    Installation _here = null!;

    public async ValueTask InitializeAsync()
    {
        _here = await Installation.CreateAsync(_server.Address);
        _here.WriteSchedules();
    }

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task What_is_declared_is_told_once_and_told_again_when_it_changes()
    {
        _here.WriteResources(Resources(("orders", "12h"), ("stock", "12h")));
        var first = await _here.ApplyAsync();
        var second = await _here.ApplyAsync();
        _here.WriteResources(Resources(("orders", "1h"), ("stock", "12h")));
        var third = await _here.ApplyAsync();

        Assert.All(first.Resources, resource => Assert.Equal(ChangeKind.Create, resource.Kind));
        Assert.False(second.HasChanges);
        Assert.Equal([("orders", ChangeKind.Update), ("stock", ChangeKind.Unchanged)], third.Resources.Select(r => (r.Id, r.Kind)));
        Assert.NotEqual(first.Fingerprint, third.Fingerprint);
        Assert.Equal(3, _server.Calls("SignalWithStartWorkflowExecution"));
    }

    [Fact]
    public async Task What_the_file_does_not_name_any_more_is_left_alone_and_told()
    {
        _here.WriteResources(Resources(("orders", "12h"), ("stock", "12h")));
        await _here.ApplyAsync();
        _here.WriteResources(Resources(("orders", "12h")));

        var plan = await _here.ApplyAsync();

        Assert.False(plan.HasChanges);
        Assert.Equal(["stock"], plan.ResourcesLeft);
        Assert.Contains(
            PlanReport.Lines(plan, PlanEffects.Of(plan, DateTimeOffset.UnixEpoch, 1), []),
            line => line.Contains("resource stock is not in the file any more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resource_of_another_installation_is_refused_before_anything_changes()
    {
        await using var there = await Installation.CreateAsync(_server.Address, "there");
        there.WriteSchedules();
        there.WriteResources(Resources(("orders", "12h")));
        await there.ApplyAsync();
        _here.WriteResources(Resources(("orders", "1h"), ("stock", "1h")));

        var refused = await Assert.ThrowsAsync<ReconcileRefusedException>(() => _here.ApplyAsync());

        Assert.Contains("'orders' lives on the server and belongs to another installation", refused.Message);
        Assert.Equal(1, _server.Calls("SignalWithStartWorkflowExecution"));
    }

    [Fact]
    public async Task What_was_decommissioned_and_still_stands_in_the_file_is_not_made_again()
    {
        _here.WriteResources(Resources(("orders", "12h"), ("stock", "12h")));
        await _here.ApplyAsync();
        _server.Complete("orders");

        var refused = await Assert.ThrowsAsync<ReconcileRefusedException>(() => _here.ApplyAsync());
        _here.WriteResources(Resources(("stock", "12h")));
        var without = await _here.ApplyAsync();

        Assert.Contains("the resource 'orders' was decommissioned", refused.Message);
        Assert.Contains("take the entry out", refused.Message);
        Assert.False(without.HasRefused);
        Assert.Equal(2, _server.Calls("SignalWithStartWorkflowExecution"));
    }

    [Fact]
    public void A_mistake_in_it_keeps_everything_from_being_applied()
    {
        _here.WriteSchedules(""" "id": "nightly", "cron": "99 3 * * *" """);
        _here.WriteResources("""{ "resources": { "orders": { "kind": "database", "jobs": { "monitor": "bakup" } } } }""");

        var problems = _here.Load().Problems;

        Assert.Equal(["SCH", "RES"], problems.Select(problem => problem.Code[..3]).Distinct());
        Assert.Contains(problems, problem => problem.Fix.Contains("backup", StringComparison.Ordinal));
    }

    static string Resources(params (string Id, string MonitorEvery)[] resources) =>
        $$"""{ "resources": { {{string.Join(", ", resources.Select(r => $$"""
            "{{r.Id}}": { "kind": "database", "jobs": { "monitor": { "job": "backup", "input": { "database": "{{r.Id}}" } } }, "monitorEvery": "{{r.MonitorEvery}}" }
            """))}} } }""";
}
