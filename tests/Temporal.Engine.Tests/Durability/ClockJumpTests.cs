using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests.Durability;

/// <summary>The machine's clock jumps, as it does when it was wrong and is put right.</summary>
public sealed class ClockJumpTests
{
    static Task CreateAsync(EngineUnderTest engine, TimeSpan catchUp) => engine.CallAsync(WorkflowServiceMethods.CreateSchedule, new()
    {
        Namespace = "default",
        ScheduleId = "minutes",
        RequestId = "minutes",
        Schedule = new()
        {
            Spec = new() { Interval = { new IntervalSpec { Interval = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)) } } },
            Action = new() { StartWorkflow = new() { WorkflowId = "minute", WorkflowType = new() { Name = "minute" }, TaskQueue = new() { Name = "minutes" } } },
            Policies = new() { OverlapPolicy = ScheduleOverlapPolicy.AllowAll, CatchupWindow = Duration.FromTimeSpan(catchUp) },
        },
    });

    static async Task<ScheduleInfo> InfoAsync(EngineUnderTest engine) =>
        (await engine.CallAsync(WorkflowServiceMethods.DescribeSchedule, new() { Namespace = "default", ScheduleId = "minutes" })).Info;

    static string[] Started(EngineUnderTest engine) =>
        [.. engine.Engine.State.Workflows.Open.Where(run => run.WorkflowId.StartsWith("minute-", StringComparison.Ordinal)).Select(run => run.WorkflowId).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Four_hours_back_starts_no_minute_twice_and_leaves_none_out(bool restart)
    {
        await using var engine = await StartAsync();
        await CreateAsync(engine, TimeSpan.FromHours(1));
        for (var minute = 0; minute < 10; minute++)
            await engine.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(10, Started(engine).Length);

        await engine.AdvanceAsync(-TimeSpan.FromHours(4));
        if (restart)
            await engine.RestartAsync();
        for (var minute = 0; minute < 60; minute++)
            await engine.AdvanceAsync(TimeSpan.FromMinutes(4));
        await engine.AdvanceAsync(TimeSpan.FromMinutes(5));

        // Until the clock is again where it was: nothing. From there: every minute once.
        Assert.Equal(15, Started(engine).Length);
        Assert.Equal((15, 0), ((await InfoAsync(engine)).ActionCount, (await InfoAsync(engine)).MissedCatchupWindow));
        Assert.Empty(engine.Fatal);
    }

    [Fact]
    public async Task After_four_hours_back_workflows_and_their_new_timers_go_on()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        var task = await engine.PollWorkflowAsync();

        await engine.AdvanceAsync(-TimeSpan.FromHours(4));
        await engine.CompleteTaskAsync(task, Timer("t", TimeSpan.FromSeconds(30)));
        await engine.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Contains("TimerFired", await engine.TypesAsync("one"), StringComparison.Ordinal);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());
    }

    [Fact]
    public async Task A_year_forward_starts_what_the_catch_up_window_allows_and_counts_the_rest()
    {
        await using var engine = await StartAsync();
        await CreateAsync(engine, TimeSpan.FromMinutes(10));
        await engine.StartWorkflowAsync("waiting");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("t", TimeSpan.FromDays(30)));

        await engine.AdvanceAsync(TimeSpan.FromDays(365));

        var minutes = 365 * 24 * 60;
        for (var turns = 0; (await InfoAsync(engine)) is var info && info.ActionCount + info.MissedCatchupWindow < minutes; turns++)
        {
            Assert.True(turns < 2_000, $"no progress: {info}");
            await engine.AdvanceAsync(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(Started(engine).Length, 10, 11);
        Assert.Contains("TimerFired", await engine.TypesAsync("waiting"), StringComparison.Ordinal);
        Assert.Empty(engine.Fatal);
    }
}
