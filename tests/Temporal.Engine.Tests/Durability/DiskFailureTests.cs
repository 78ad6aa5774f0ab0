using Grpc.Health.V1;
using Temporal.Protocol;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests.Durability;

/// <summary>The disk is full, or does not sync, or is slow: the engine stops acknowledging and says so, and goes on when it can.</summary>
public sealed class DiskFailureTests
{
    const int CannotWrite = 4002;
    const int WritesAgain = 4006;
    const int Slow = 4007;

    static async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync(EngineUnderTest engine) =>
        (await engine.CallAsync(HealthService.Check, new())).Status;

    static async Task<(EngineUnderTest Engine, FaultyDisk Disk)> StartOnDiskAsync()
    {
        var engine = new EngineUnderTest();
        var disk = new FaultyDisk(engine.Folder);
        await engine.OpenAsync();
        return (engine, disk);
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_acknowledged_and_it_is_said_once()
    {
        var (engine, disk) = await StartOnDiskAsync();
        await using var _ = engine;
        using var __ = disk;
        await engine.StartWorkflowAsync("before");

        disk.IsFull = true;
        for (var i = 0; i < 3; i++)
        {
            var refused = await Assert.ThrowsAsync<RpcFailure>(() => engine.StartWorkflowAsync("refused"));
            Assert.Equal(RpcStatus.Unavailable, refused.Status);
        }

        Assert.Contains("Make space", Assert.Single(engine.Log.Of(CannotWrite)), StringComparison.Ordinal);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await HealthAsync(engine));
        // What needs no write is answered.
        Assert.Contains("WorkflowExecutionStarted", await engine.TypesAsync("before"), StringComparison.Ordinal);
        Assert.Equal(RpcStatus.NotFound, (await Assert.ThrowsAsync<RpcFailure>(() => engine.TypesAsync("refused"))).Status);
        Assert.Empty(engine.Fatal);
    }

    [Fact]
    public async Task When_there_is_space_again_the_engine_goes_on_by_itself_with_the_timers_that_waited()
    {
        var (engine, disk) = await StartOnDiskAsync();
        await using var _ = engine;
        using var __ = disk;
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("t", TimeSpan.FromSeconds(10)));
        disk.IsFull = true;
        engine.Time.Advance(TimeSpan.FromSeconds(10));
        // In the commit of the timer or in the next one: nothing more is written.
        await Assert.ThrowsAsync<RpcFailure>(() => engine.SignalAsync("one", "lost"));
        await engine.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("TimerFired", await engine.TypesAsync("one"), StringComparison.Ordinal);

        disk.IsFull = false;
        // Nobody calls: a second later the engine looks for itself.
        await engine.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await HealthAsync(engine));
        Assert.Single(engine.Log.Of(WritesAgain));
        Assert.Contains("TimerFired", await engine.TypesAsync("one"), StringComparison.Ordinal);
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());
    }

    [Fact]
    public async Task A_disk_that_runs_full_at_any_write_costs_nothing_that_was_acknowledged()
    {
        var (engine, disk) = await StartOnDiskAsync();
        await using var _ = engine;
        using var __ = disk;
        for (var number = 0; number < 12; number++)
        {
            await engine.StartWorkflowAsync($"kept-{number}");
            disk.IsFull = true;
            await Assert.ThrowsAsync<RpcFailure>(() => engine.SignalAsync($"kept-{number}", "lost"));
            disk.IsFull = false;
            await engine.SignalAsync($"kept-{number}", "kept");
        }

        await engine.RestartAsync();

        for (var number = 0; number < 12; number++)
        {
            var signals = (await engine.HistoryAsync($"kept-{number}")).Where(one => one.WorkflowExecutionSignaledEventAttributes is not null);
            Assert.Equal(["kept"], signals.Select(one => one.WorkflowExecutionSignaledEventAttributes.SignalName));
        }
    }

    [Fact]
    public async Task A_log_that_cannot_be_synced_ends_the_process()
    {
        var (engine, disk) = await StartOnDiskAsync();
        await using var _ = engine;
        using var __ = disk;
        disk.FailsToSync = "engine.db-wal";

        await Assert.ThrowsAsync<RpcFailure>(() => engine.StartWorkflowAsync("one"));

        Assert.Contains("could not be synced", Assert.Single(engine.Fatal), StringComparison.Ordinal);
        disk.FailsToSync = null;
    }

    [Fact]
    public async Task A_slow_commit_is_said_at_most_once_a_minute()
    {
        await using var engine = await StartAsync();
        engine.Store.Delay = TimeSpan.FromSeconds(3);

        for (var i = 0; i < 4; i++)
            await engine.StartWorkflowAsync($"slow-{i}");
        Assert.Contains("3000 ms", Assert.Single(engine.Log.Of(Slow)), StringComparison.Ordinal);
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await engine.StartWorkflowAsync("slow again");

        Assert.Equal(2, engine.Log.Of(Slow).Count());
    }
}
