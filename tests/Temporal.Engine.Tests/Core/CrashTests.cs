using Temporal.Protocol;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests;

public sealed class CrashTests
{
    /// <summary>What a process that dies now would leave: the files as they are, without closing anything.</summary>
    static string CopyOfFiles(EngineUnderTest engine)
    {
        var copy = Directory.CreateTempSubdirectory("engine-crash-").FullName;
        foreach (var file in Directory.EnumerateFiles(engine.Folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var to = File.Create(Path.Combine(copy, Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return copy;
    }

    static async Task<Dictionary<string, string>> RunsAfterCrashAsync(EngineUnderTest engine)
    {
        var copy = CopyOfFiles(engine);
        try
        {
            await using var other = await TemporalEngine.StartAsync(
                new() { DataDirectory = copy, Listen = null, TimeProvider = engine.Time }, CancellationToken.None);
            return other.State.Workflows.Open.ToDictionary(run => run.WorkflowId, run => run.Dump());
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Whatever_was_acknowledged_is_there_after_a_crash_at_that_moment()
    {
        await using var engine = await StartAsync();

        for (var step = 0; step < 6; step++)
        {
            await engine.StartWorkflowAsync($"workflow-{step}");
            var task = await engine.PollWorkflowAsync();
            await AssertSameAfterCrashAsync(engine);
            await engine.CompleteTaskAsync(task, Activity("a"), Timer("t", TimeSpan.FromHours(step + 1)));
            await AssertSameAfterCrashAsync(engine);
            var activity = await engine.PollActivityAsync();
            await engine.SignalAsync($"workflow-{step}", "go");
            await AssertSameAfterCrashAsync(engine);
            await engine.CallAsync(WorkflowServiceMethods.RespondActivityTaskCompleted, new() { Namespace = "default", TaskToken = activity.TaskToken });
            var last = await engine.PollWorkflowAsync();
            if (step % 2 == 0)
                await engine.CompleteTaskAsync(last, Complete());
            else
                await engine.CompleteTaskAsync(last);
            await AssertSameAfterCrashAsync(engine);
        }

        Assert.Equal(3, engine.Engine.State.Workflows.OpenCount);
    }

    static async Task AssertSameAfterCrashAsync(EngineUnderTest engine)
    {
        var after = await RunsAfterCrashAsync(engine);
        var before = await engine.Engine.Loop.RunAsync(tx => tx.State.Workflows.Open.ToDictionary(run => run.WorkflowId, run => run.Dump()));
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task A_timer_that_cannot_be_applied_does_not_hold_up_requests_or_other_timers()
    {
        await using var engine = await StartAsync();
        var broken = new BrokenTimer();
        await engine.Engine.Loop.RunAsync(tx => tx.State.Timers.Set(broken, tx.Now.AddSeconds(10)));
        await engine.StartWorkflowAsync("one");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("t", TimeSpan.FromSeconds(10)));

        await engine.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Contains("TimerFired", await engine.TypesAsync("one"), StringComparison.Ordinal);
        Assert.True(broken.Tries > 0);
        await engine.StartWorkflowAsync("two");
        Assert.Empty(engine.Fatal);
    }

    sealed class BrokenTimer : ITimed
    {
        public int Tries { get; private set; }

        public int HeapIndex { get; set; } = -1;

        public DateTime Due { get; set; }

        public void Fire(EngineTransaction tx)
        {
            Tries++;
            throw new InvalidOperationException("broken");
        }
    }
}
