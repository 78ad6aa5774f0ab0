using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Visibility;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Schedules;

/// <summary>The engine is killed at one commit or another, in the middle of a burst of starts, and started again on its data.</summary>
public sealed class ScheduleCrashTests : IDisposable
{
    const int Schedules = 20;

    readonly ManualTime _time = new();
    readonly string _folder = Directory.CreateTempSubdirectory("schedule-crash-").FullName;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public Task No_nominal_time_is_lost_or_started_twice_by_the_end_of_a_burst(int commits, bool afterWrite) =>
        CrashAndGoOn(commits, afterWrite, whileCreating: false);

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public Task A_schedule_whose_creation_was_not_answered_can_be_created_again(int commits, bool afterWrite) =>
        CrashAndGoOn(commits, afterWrite, whileCreating: true);

    async Task CrashAndGoOn(int commits, bool afterWrite, bool whileCreating)
    {
        CrashingStore? store = null;
        await using (var engine = await TemporalEngine.StartAsync(Options(), inner => store = new CrashingStore(inner), CancellationToken.None))
        {
            if (!whileCreating)
                await CreateAll(engine);
            store!.AfterWrite = afterWrite;
            store.CrashIn = commits;
            await RunUntilCrash(engine, () => store.Crashed);
        }

        await using var again = await TemporalEngine.StartAsync(Options(), CancellationToken.None);
        await CreateAll(again);
        await Move(again, TimeSpan.FromSeconds(5));
        await using var channel = RpcChannel.Connect(new() { Address = again.Address });
        for (var number = 0; number < Schedules; number++)
            await AssertEveryTimeOnce(again, channel, $"s{number}");
    }

    async Task RunUntilCrash(TemporalEngine engine, Func<bool> crashed)
    {
        try
        {
            await CreateAll(engine);
            while (!crashed())
                await Move(engine, TimeSpan.FromSeconds(1));
        }
        catch (RpcFailure failure) when (failure.Status == RpcStatus.Unavailable)
        {
            Assert.True(crashed());
        }
    }

    // What was created already stays: the same request again.
    static async Task CreateAll(TemporalEngine engine)
    {
        await using var channel = RpcChannel.Connect(new() { Address = engine.Address });
        await Task.WhenAll(Enumerable.Range(0, Schedules).Select(number => channel.CallAsync(
            WorkflowServiceMethods.CreateSchedule, Request($"s{number}"), new(), CancellationToken.None)));
    }

    async Task Move(TemporalEngine engine, TimeSpan by)
    {
        _time.Advance(by);
        // Whatever is due is fired before a command of the same batch.
        await engine.Loop.RunAsync(_ => { });
    }

    static async Task AssertEveryTimeOnce(TemporalEngine engine, RpcChannel channel, string scheduleId)
    {
        var described = await channel.CallAsync(
            WorkflowServiceMethods.DescribeSchedule, new() { Namespace = "default", ScheduleId = scheduleId }, new(), CancellationToken.None);
        var ns = engine.State.Namespaces.Get("default");
        var found = new VisibilityReader(engine.State.Store)
            .List(ns.Id, QueryBinder.Bind(ns, $"TemporalScheduledById = '{scheduleId}'").Where, 0, ByteString.Empty).Executions;
        var expected = Due(described.Info.CreateTime.ToDateTime(), engine.State.Time.GetUtcNow().UtcDateTime).Select(time => $"{scheduleId}-run-{time:yyyy-MM-ddTHH:mm:ssZ}");
        Assert.Equal(expected, found.Select(run => run.Execution.WorkflowId).Order(StringComparer.Ordinal));
        Assert.Equal(found.Count, described.Info.ActionCount);
        Assert.Equal((0, 0), (described.Info.MissedCatchupWindow, described.Info.OverlapSkipped));
    }

    static IEnumerable<DateTime> Due(DateTime created, DateTime now)
    {
        for (var time = created.AddSeconds(1); time <= now; time = time.AddSeconds(1))
            yield return time;
    }

    EngineOptions Options() => new() { DataDirectory = _folder, Listen = null, TimeProvider = _time };

    static CreateScheduleRequest Request(string id) => new()
    {
        Namespace = "default",
        ScheduleId = id,
        RequestId = id,
        Schedule = new()
        {
            Spec = new() { Interval = { new IntervalSpec { Interval = new Duration { Seconds = 1 } } } },
            Action = new()
            {
                StartWorkflow = new NewWorkflowExecutionInfo { WorkflowId = $"{id}-run", WorkflowType = new() { Name = "work" }, TaskQueue = new() { Name = "queue" } },
            },
            Policies = new() { OverlapPolicy = ScheduleOverlapPolicy.AllowAll },
        },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
