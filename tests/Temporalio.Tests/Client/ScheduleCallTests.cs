using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Schedules;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Client;

public sealed class ScheduleCallTests : IDisposable
{
    readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_created_schedule_is_described_as_it_was_created()
    {
        CreateScheduleRequest? created = null;
        _server.Answer(WorkflowServiceMethods.CreateSchedule, request =>
        {
            created = request;
            return new CreateScheduleResponse();
        });
        _server.Answer(WorkflowServiceMethods.DescribeSchedule, _ => new()
        {
            Schedule = created!.Schedule,
            Info = new() { ActionCount = 3, FutureActionTimes = { new Timestamp { Seconds = 60 } } },
            Memo = created.Memo,
        });
        var client = await _server.ConnectAsync();
        var schedule = Nightly();

        var handle = await client.CreateScheduleAsync("nightly", schedule, new()
        {
            Memo = new Dictionary<string, object> { ["owner"] = "installation-1" },
            TriggerImmediately = true,
        });
        var description = await handle.DescribeAsync();

        Assert.Equal(ScheduleOverlapPolicy.BufferOne, created!.InitialPatch.TriggerImmediately.OverlapPolicy);
        Assert.Equal(schedule.Spec.ToProto(), description.Schedule.Spec.ToProto());
        Assert.Equal(schedule.Policy, description.Schedule.Policy);
        Assert.Equal(schedule.State, description.Schedule.State);
        Assert.Equal(3, description.Info.NumActions);
        Assert.Equal([DateTime.UnixEpoch.AddMinutes(1)], description.Info.NextActionTimes);
        Assert.Equal("installation-1", await description.Memo["owner"].ToValueAsync<string>());
        var action = Assert.IsType<ScheduleActionStartWorkflow>(description.Schedule.Action);
        Assert.Equal("backup", action.Workflow);
        Assert.Equal("orders", await ((IEncodedRawValue)action.Args.Single()!).ToValueAsync<string>());
        Assert.Equal("abc", await ((IEncodedRawValue)action.Options.Memo!["bundle"]).ToValueAsync<string>());
    }

    [Fact]
    public async Task An_update_that_changes_one_thing_leaves_the_rest()
    {
        var proto = await Nightly().ToProtoAsync(DataConverter.Default, "tests");
        UpdateScheduleRequest? updated = null;
        _server.Answer(WorkflowServiceMethods.DescribeSchedule, _ => new() { Schedule = proto });
        _server.Answer(WorkflowServiceMethods.UpdateSchedule, request =>
        {
            updated = request;
            return new UpdateScheduleResponse();
        });
        var handle = (await _server.ConnectAsync()).GetScheduleHandle("nightly");

        await handle.UpdateAsync(ScheduleUpdate? (_) => null);
        Assert.Null(updated);

        await handle.UpdateAsync(input => new ScheduleUpdate(input.Description.Schedule with
        {
            State = input.Description.Schedule.State with { Paused = true },
        }));

        var expected = proto.Clone();
        expected.State.Paused = true;
        Assert.Equal(expected, updated!.Schedule);
    }

    [Fact]
    public async Task Pause_trigger_and_backfill_are_patches()
    {
        var patches = new List<Api.Schedule.V1.SchedulePatch>();
        _server.Answer(WorkflowServiceMethods.PatchSchedule, request =>
        {
            patches.Add(request.Patch);
            return new PatchScheduleResponse();
        });
        var handle = (await _server.ConnectAsync()).GetScheduleHandle("nightly");

        await handle.PauseAsync("freeze");
        await handle.UnpauseAsync();
        await handle.TriggerAsync(new() { Overlap = ScheduleOverlapPolicy.AllowAll });
        await handle.BackfillAsync([new(DateTime.UnixEpoch, DateTime.UnixEpoch.AddDays(1))]);

        Assert.Equal("freeze", patches[0].Pause);
        Assert.NotEmpty(patches[1].Unpause);
        Assert.Equal(ScheduleOverlapPolicy.AllowAll, patches[2].TriggerImmediately.OverlapPolicy);
        Assert.Equal(86_400, patches[3].BackfillRequest[0].EndTime.Seconds);
    }

    [Fact]
    public async Task A_second_schedule_of_an_id_is_refused()
    {
        _server.Answer<CreateScheduleRequest, CreateScheduleResponse>(
            WorkflowServiceMethods.CreateSchedule, _ => throw new RpcFailure(RpcStatus.AlreadyExists, "exists"));
        var client = await _server.ConnectAsync();

        await Assert.ThrowsAsync<ScheduleAlreadyRunningException>(() => client.CreateScheduleAsync("nightly", Nightly()));
    }

    [Fact]
    public async Task A_list_shows_what_the_server_knows()
    {
        _server.Answer(WorkflowServiceMethods.ListSchedules, request => new()
        {
            Schedules =
            {
                new Api.Schedule.V1.ScheduleListEntry
                {
                    ScheduleId = "nightly",
                    Info = new() { Paused = true, Notes = "freeze", WorkflowType = new() { Name = "backup" } },
                },
            },
        });
        var client = await _server.ConnectAsync();

        var listed = new List<ScheduleListDescription>();
        await foreach (var entry in client.ListSchedulesAsync())
            listed.Add(entry);

        var only = Assert.Single(listed);
        Assert.Equal(new ScheduleListState("freeze", true), only.Schedule!.State);
        Assert.Equal(new ScheduleListActionStartWorkflow("backup"), only.Schedule.Action);
    }

    [Fact]
    public async Task What_a_scheduled_workflow_cannot_have_is_said_by_name()
    {
        var client = await _server.ConnectAsync();
        var schedule = new Schedule(
            ScheduleActionStartWorkflow.Create("backup", [], new("b", "q") { CronSchedule = "* * * * *" }), new());

        var error = await Assert.ThrowsAsync<ArgumentException>(() => client.CreateScheduleAsync("nightly", schedule));

        Assert.Contains("CronSchedule", error.Message);
    }

    static Schedule Nightly() => new(
        ScheduleActionStartWorkflow.Create("backup", ["orders"], new("nightly", "maintenance")
        {
            Memo = new Dictionary<string, object> { ["bundle"] = "abc" },
            RunTimeout = TimeSpan.FromHours(2),
            TypedSearchAttributes = new SearchAttributeCollection.Builder()
                .Set(SearchAttributeKey.CreateKeyword("Job"), "backup")
                .ToSearchAttributeCollection(),
        }),
        new()
        {
            Calendars = [new() { Hour = [new(3)], Minute = [new(30)], DayOfWeek = [new(1, 5)], Comment = "weekdays" }],
            Intervals = [new(TimeSpan.FromHours(6), TimeSpan.FromMinutes(5))],
            Skip = [new() { Month = [new(12)], DayOfMonth = [new(24, 26)] }],
            StartAt = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Jitter = TimeSpan.FromMinutes(2),
            TimeZoneName = "Europe/Berlin",
        })
    {
        Policy = new() { Overlap = ScheduleOverlapPolicy.BufferOne, CatchupWindow = TimeSpan.FromHours(1), PauseOnFailure = true },
        State = new() { Note = "by hand", LimitedActions = true, RemainingActions = 9 },
    };
}
