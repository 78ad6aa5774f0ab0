using Maintenance.Jobs.Resources;
using Maintenance.Jobs.Tests.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Resources;

/// <summary>Resources with the real engine, workers and scripts, and an HTTP server that misbehaves as clouds do.</summary>
public sealed class ResourceTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact]
    public async Task A_cloud_resource_comes_to_be_changes_and_goes_behind_an_api_that_times_out_and_limits_its_callers()
    {
        using var cloud = new SampleServer((request, number) => (request.HttpMethod, number) switch
        {
            ("POST", 1) => new(200, Silent: true),
            ("POST", 2) => new(429, RetryAfter: "1"),
            ("POST", _) => new(201, """{ "id": "q-7" }"""),
            ("PATCH", _) => new(200, """{ "size": 2 }"""),
            ("GET", _) => new(200, """{ "size": 2 }"""),
            _ => new(204),
        });
        await PublishAsync("queue-create", "POST", $"{cloud.Url}/queues", """, "outputs": { "id": "/id" }, "expect": { "status": ["201"] }""", "id");
        await PublishAsync("queue-resize", "PATCH", cloud.Url + "/queues/${input.id}", "");
        await PublishAsync("queue-look", "GET", cloud.Url + "/queues/${input.id}", """, "outputs": { "size": "/size" }""", "size");
        await PublishAsync("queue-delete", "DELETE", cloud.Url + "/queues/${input.id}", "");
        var declared = Queue("1");

        var entity = await DeclareAsync(declared);
        await UntilAsync(entity, state => state.Facts.ContainsKey("size"));
        await entity.SignalAsync("declare", [Queue("2")]);
        await UntilAsync(entity, state => state.Events.Any(e => e.Operation == "modify"));
        var memo = await (await entity.DescribeAsync()).Memo[ResourceLimits.DeclarationMemo].ToValueAsync<string>();
        await entity.ExecuteUpdateAsync<ResourceView>("order", [new ResourceOrderText { Operation = "decommission", By = "ann", Reason = "not needed" }]);
        var last = await entity.GetResultAsync<ResourceView>();

        Assert.Equal(Queue("2").Hash(), memo);
        Assert.Equal("decommissioned", last.Phase);
        Assert.Equal("q-7", last.Facts["id"]);
        Assert.Equal(
            ["POST /queues", "POST /queues", "POST /queues", "GET /queues/q-7", "PATCH /queues/q-7", "DELETE /queues/q-7"],
            cloud.Requests.Select(r => $"{r.Method} {r.Path}"));
        Assert.Equal("ann", last.Events[^1].By);
        Assert.All(last.Events, e => Assert.True(e.Succeeded));
    }

    [Fact]
    public async Task A_creation_that_breaks_off_is_taken_back_and_tried_again_by_order()
    {
        var broken = true;
        using var cloud = new SampleServer((request, _) => request.RawUrl!.EndsWith("/attach", StringComparison.Ordinal) && broken ? new(500) : new(201, """{ "id": "d-1" }"""));
        await it.PublishAsync("disk-create", $$$"""
            {
              "steps": [
                { "name": "create", "http": { "method": "POST", "url": "{{{cloud.Url}}}/disks", "outputs": { "id": "/id" } },
                  "undo": { "when": "${steps.create.outputs.id} != ''", "http": { "method": "DELETE", "url": "{{{cloud.Url}}}/disks/${steps.create.outputs.id}" } } },
                { "name": "attach", "http": { "method": "POST", "url": "{{{cloud.Url}}}/disks/d-1/attach" } }
              ]
            }
            """);
        var entity = await DeclareAsync(new() { Id = "disk", Kind = "disk", Jobs = Jobs((ResourceOperation.Provision, "disk-create", "{}")) });
        await UntilAsync(entity, state => state.Phase == "attention");
        var failed = await StateAsync(entity);
        broken = false;

        await entity.SignalAsync("order", [new ResourceOrderText { Operation = "provision", By = "ann", Reason = "the provider says it works again" }]);
        await UntilAsync(entity, state => state.Phase == "healthy");

        Assert.Contains("attach", failed.Problem);
        Assert.NotNull(failed.NextAt);
        Assert.Equal(
            ["POST /disks", "POST /disks/d-1/attach", "DELETE /disks/d-1", "POST /disks", "POST /disks/d-1/attach"],
            cloud.Requests.Select(r => $"{r.Method} {r.Path}"));
    }

    [Fact]
    public async Task What_expires_soon_is_renewed_by_itself_and_its_runs_are_children_of_the_entity()
    {
        var state = it.Scratch("until");
        await File.WriteAllTextAsync(state, DateTime.UtcNow.AddDays(5).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        await it.PublishAsync("paper-look", """{ "outputs": { "expires": "${steps.look.outputs.expires}" }, "steps": [ { "name": "look", "run": "look.sh" } ] }""", ("look.sh", $"echo \"expires=$(cat {state})\" >>\"$MAINTENANCE_OUTPUT\""));
        await it.PublishAsync("paper-renew", """{ "steps": [ { "name": "renew", "run": "renew.sh" } ] }""", ("renew.sh", $"date -u -d '+90 days' +%Y-%m-%dT%H:%M:%SZ >{state}"));

        var entity = await DeclareAsync(new()
        {
            Id = "paper", Kind = "paper", Jobs = Jobs((ResourceOperation.Monitor, "paper-look", "{}"), (ResourceOperation.Upgrade, "paper-renew", "{}")),
        }, "ann");
        await UntilAsync(entity, view => view.Expires > DateTimeOffset.UtcNow.AddDays(80));

        var view = await StateAsync(entity);
        Assert.Equal(["monitor", "upgrade", "monitor"], view.Events.Select(e => e.Operation));
        var run = (await it.Store.FindRunAsync(view.Events[1].WorkflowId, CancellationToken.None)).Run!;
        Assert.Equal((RunCause.Child, (await entity.DescribeAsync()).RunId, "ann"), (run.Cause, run.ParentRunId, run.Requester));
    }

    [Fact]
    public async Task It_goes_on_after_the_worker_was_replaced_and_refuses_what_cannot_be()
    {
        await it.PublishAsync("lamp-look", """{ "outputs": { "light": "${steps.look.outputs.light}" }, "steps": [ { "name": "look", "run": "look.sh" } ] }""", ("look.sh", "echo light=on >>\"$MAINTENANCE_OUTPUT\""));
        var entity = await DeclareAsync(new() { Id = "lamp", Kind = "lamp", Jobs = Jobs((ResourceOperation.Monitor, "lamp-look", "{}")) });
        await UntilAsync(entity, state => state.Facts.ContainsKey("light"));
        await it.StopWorkerAsync();
        it.StartWorker();

        await entity.ExecuteUpdateAsync<ResourceView>("order", [new ResourceOrderText { Operation = "monitor", By = "ann" }]);
        await UntilAsync(entity, state => state.Events.Count == 2);
        var noJob = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => entity.ExecuteUpdateAsync<ResourceView>("order", [new ResourceOrderText { Operation = "upgrade" }]));
        var noReason = await Assert.ThrowsAsync<WorkflowUpdateFailedException>(() => entity.ExecuteUpdateAsync<ResourceView>("order", [new ResourceOrderText { Operation = "decommission" }]));

        Assert.Contains("names no job", noJob.InnerException!.Message);
        Assert.Contains("reason", noReason.InnerException!.Message);
    }

    static ResourceDefinition Queue(string size) => new()
    {
        Id = "queue", Kind = "queue",
        Jobs = Jobs(
            (ResourceOperation.Provision, "queue-create", "{}"), (ResourceOperation.Monitor, "queue-look", """{"id":"${facts.id}"}"""),
            (ResourceOperation.Modify, "queue-resize", $$"""{"id":"${facts.id}","size":"{{size}}"}"""), (ResourceOperation.Decommission, "queue-delete", """{"id":"${facts.id}"}""")),
    };

    static Dictionary<ResourceOperation, ResourceJob> Jobs(params (ResourceOperation Operation, string Job, string Input)[] jobs) =>
        jobs.ToDictionary(j => j.Operation, j => new ResourceJob(j.Job, j.Input));

    Task PublishAsync(string job, string method, string url, string more, params string[] outputs) =>
        it.PublishAsync(job, $$$"""
            {
              "input": { "id": { "type": "string", "default": "" }, "size": { "type": "string", "default": "" } },
              "outputs": { {{{string.Join(", ", outputs.Select(o => $"\"{o}\": \"${{steps.call.outputs.{o}}}\""))}}} },
              "steps": [ {
                "name": "call", "timeout": "3s", "idempotent": true, "retry": { "attempts": 5, "initial": "50ms" },
                "http": { "method": "{{{method}}}", "url": "{{{url}}}"{{{more}}} } } ]
            }
            """);

    Task<WorkflowHandle> DeclareAsync(ResourceDefinition resource, string? by = null) => it.Client.StartWorkflowAsync(
        ResourceLimits.WorkflowType, [ResourceState.New(resource, by)],
        new WorkflowOptions(ResourceLimits.WorkflowId(resource.Id), TaskQueues.Control) { StartSignal = "declare", StartSignalArgs = [resource, by] });

    static Task<ResourceView> StateAsync(WorkflowHandle entity) => entity.QueryAsync<ResourceView>("state", []);

    static async Task UntilAsync(WorkflowHandle entity, Func<ResourceView, bool> isSo)
    {
        ResourceView? last = null;
        try
        {
            await Eventually.IsTrue(() => isSo(last = StateAsync(entity).Result), $"resource {entity.Id} to be so");
        }
        catch (Exception late) when (last is not null)
        {
            throw new TimeoutException(System.Text.Json.JsonSerializer.Serialize(last), late);
        }
    }
}
