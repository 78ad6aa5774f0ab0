using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;

namespace Temporalio.Tests.EndToEnd;

public class ScheduleTests(EngineFixture engine)
{
    [Fact]
    public async Task A_schedule_is_described_changed_listed_and_deleted()
    {
        var id = EngineFixture.NewName("schedule");
        var handle = await engine.Client.CreateScheduleAsync(id, Yearly(id, "no-worker"), new()
        {
            Memo = new Dictionary<string, object> { ["owner"] = "installation-1" },
        });

        var description = await handle.DescribeAsync();
        Assert.Equal("installation-1", await description.Memo["owner"].ToValueAsync<string>());
        Assert.Equal("Europe/Berlin", description.Schedule.Spec.TimeZoneName);
        Assert.Equal(new DateTime(2099, 3, 1, 2, 30, 0, DateTimeKind.Utc), description.Info.NextActionTimes.First());
        await Assert.ThrowsAsync<ScheduleAlreadyRunningException>(
            () => engine.Client.CreateScheduleAsync(id, Yearly(id, "no-worker")));

        await handle.PauseAsync("freeze");
        await handle.UpdateAsync(input => new ScheduleUpdate(input.Description.Schedule with
        {
            Spec = input.Description.Schedule.Spec with { TimeZoneName = null },
        }));
        var changed = await handle.DescribeAsync();
        Assert.Null(changed.Schedule.Spec.TimeZoneName);
        Assert.Equal(("freeze", true), (changed.Schedule.State.Note, changed.Schedule.State.Paused));
        Assert.NotNull(changed.Info.LastUpdatedAt);

        var listed = await ListedAsync(id);
        Assert.Equal(new ScheduleListActionStartWorkflow("Approval"), listed.Schedule?.Action);

        await handle.DeleteAsync();
        var gone = await Assert.ThrowsAsync<RpcException>(() => handle.DescribeAsync());
        Assert.Equal(RpcException.StatusCode.NotFound, gone.Code);
    }

    [Fact]
    public async Task A_triggered_schedule_starts_its_workflow()
    {
        var queue = EngineFixture.NewName("queue");
        var id = EngineFixture.NewName("schedule");
        using var worker = engine.NewWorker(queue);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await worker.ExecuteAsync(
            async () =>
            {
                var handle = await engine.Client.CreateScheduleAsync(id, Yearly(id, queue));
                await handle.TriggerAsync();

                var action = await Eventually.GetAsync(
                    "the triggered action", async () => (await handle.DescribeAsync()).Info.RecentActions.SingleOrDefault());
                var started = Assert.IsType<ScheduleActionExecutionStartWorkflow>(action.Action);
                Assert.StartsWith(id, started.WorkflowId, StringComparison.Ordinal);

                var run = engine.Client.GetWorkflowHandle<Approval, string>(started.WorkflowId, started.FirstExecutionRunId);
                await run.SignalAsync(wf => wf.ApproveAsync("ann"));
                Assert.Equal("ann", await run.GetResultAsync());
            },
            deadline.Token);
    }

    async Task<ScheduleListDescription> ListedAsync(string id) => await Eventually.GetAsync($"schedule {id} in the list", async () =>
    {
        await foreach (var entry in engine.Client.ListSchedulesAsync())
        {
            if (entry.Id == id)
                return entry;
        }

        return null;
    });

    static Schedule Yearly(string id, string queue) => new(
        ScheduleActionStartWorkflow.Create((Approval wf) => wf.RunAsync(1), new(id, queue)),
        new()
        {
            Calendars = [new() { Year = [new(2099)], Month = [new(3)], DayOfMonth = [new(1)], Hour = [new(3)], Minute = [new(30)] }],
            TimeZoneName = "Europe/Berlin",
        })
    {
        Policy = new() { Overlap = ScheduleOverlapPolicy.BufferOne },
    };
}
