using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests.Durability;

/// <summary>
/// A little of everything that an engine writes, one call after the other, and a list of what it has acknowledged: workflows,
/// activities, timers, signals, a schedule that starts every second, a restart in the middle.
/// </summary>
sealed class Workload
{
    const int Workflows = 3;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly List<(string WorkflowId, string EventType)> _promises = [];
    readonly List<string> _deleted = [];
    bool _scheduled;
    DateTime _fired;

    public int Promises => _promises.Count + _deleted.Count;

    /// <summary>Goes on until it is done, or until the engine's disk takes nothing any more.</summary>
    public async Task RunAsync(EngineUnderTest engine)
    {
        try
        {
            await CreateScheduleAsync(engine);
            for (var number = 0; number < Workflows; number++)
            {
                await RunOneAsync(engine, $"workflow-{number}").WaitAsync(Patience);
                if (number == 0)
                    await engine.RestartAsync();
            }

            // From here on it may be there or not, until the deletion is answered.
            _promises.RemoveAll(promise => promise.WorkflowId == "workflow-1");
            await engine.CallAsync(WorkflowServiceMethods.DeleteWorkflowExecution, new()
            {
                Namespace = "default",
                WorkflowExecution = new() { WorkflowId = "workflow-1" },
            });
            _deleted.Add("workflow-1");
        }
        catch (Exception failure) when (failure is RpcFailure { Status: RpcStatus.Unavailable } or EngineStartException)
        {
            // The disk is dead. What was promised until now counts.
        }
    }

    async Task RunOneAsync(EngineUnderTest engine, string id)
    {
        await engine.StartWorkflowAsync(id);
        Promise(id, "WorkflowExecutionStarted");
        var task = await engine.PollWorkflowAsync();
        Promise(id, "WorkflowTaskStarted");
        await engine.CompleteTaskAsync(task, Activity("a"), Timer("t", TimeSpan.FromSeconds(2)));
        Promise(id, "ActivityTaskScheduled");
        Promise(id, "TimerStarted");
        var activity = await engine.PollActivityAsync();
        await engine.CallAsync(WorkflowServiceMethods.RespondActivityTaskCompleted, new() { Namespace = "default", TaskToken = activity.TaskToken });
        Promise(id, "ActivityTaskCompleted");
        await engine.SignalAsync(id, "go");
        Promise(id, "WorkflowExecutionSignaled");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync());
        await engine.AdvanceAsync(TimeSpan.FromSeconds(2));
        // A timer that could not be written tells nobody; a call that writes does.
        await engine.SignalAsync(id, "late");
        var last = await engine.PollWorkflowAsync();
        Promise(id, "TimerFired");
        _fired = engine.Time.GetUtcNow().UtcDateTime;
        await engine.CompleteTaskAsync(last, Complete());
        Promise(id, "WorkflowExecutionCompleted");
    }

    async Task CreateScheduleAsync(EngineUnderTest engine)
    {
        await engine.CallAsync(WorkflowServiceMethods.CreateSchedule, new()
        {
            Namespace = "default",
            ScheduleId = "ticks",
            RequestId = "ticks",
            Schedule = new()
            {
                Spec = new() { Interval = { new Temporalio.Api.Schedule.V1.IntervalSpec { Interval = new Duration { Seconds = 1 } } } },
                Action = new()
                {
                    StartWorkflow = new() { WorkflowId = "tick", WorkflowType = new() { Name = "tick" }, TaskQueue = new() { Name = "ticks" } },
                },
                Policies = new() { OverlapPolicy = ScheduleOverlapPolicy.AllowAll },
            },
        });
        _scheduled = true;
    }

    void Promise(string id, string eventType) => _promises.Add((id, eventType));

    /// <summary>Opens an engine on what is left and looks for everything that was acknowledged; then the engine must be able to go on.</summary>
    public async Task AssertKeptAsync(string folder, ManualTime time)
    {
        await using var engine = await EngineUnderTest.StartAsync(folder, time);
        foreach (var (id, eventType) in _promises)
            Assert.Contains(eventType, (await engine.TypesAsync(id)).Split(' '));

        foreach (var id in _deleted)
            Assert.Equal(RpcStatus.NotFound, (await Assert.ThrowsAsync<RpcFailure>(() => engine.HistoryAsync(id))).Status);
        if (_scheduled)
            await AssertTicksAsync(engine);
        await engine.StartWorkflowAsync("after", request => request.TaskQueue.Name = "after");
        Assert.Empty(engine.Fatal);
    }

    /// <summary>Every second that has passed has its run; none has two, because an id is started once.</summary>
    async Task AssertTicksAsync(EngineUnderTest engine)
    {
        var described = await engine.CallAsync(WorkflowServiceMethods.DescribeSchedule, new() { Namespace = "default", ScheduleId = "ticks" });
        for (var time = described.Info.CreateTime.ToDateTime().AddSeconds(1); time <= _fired; time = time.AddSeconds(1))
            await engine.DescribeAsync($"tick-{time:yyyy-MM-ddTHH:mm:ssZ}");
    }
}
