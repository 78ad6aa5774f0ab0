using Temporalio.Exceptions;
using Temporalio.Worker.Tasks;

namespace Temporalio.Tests.Worker;

public class ActivationWatchdogTests
{
    [Fact]
    public async Task Code_that_does_not_return_is_given_up()
    {
        using var blocked = new ManualResetEventSlim();
        using var watchdog = new ActivationWatchdog(TimeProvider.System, enabled: false, _ => TimeSpan.Zero);
        var run = await StartedAsync(watchdog, blocked);

        Tick(watchdog, 5);

        await Assert.ThrowsAsync<InvalidWorkflowOperationException>(() => run);
        blocked.Set();
    }

    [Fact]
    public async Task Code_that_waits_for_a_processor_is_not()
    {
        var waited = TimeSpan.Zero;
        using var blocked = new ManualResetEventSlim();
        using var watchdog = new ActivationWatchdog(TimeProvider.System, enabled: false, _ => waited += TimeSpan.FromMilliseconds(450));
        var run = await StartedAsync(watchdog, blocked);

        Tick(watchdog, 40);
        Assert.False(run.IsCompleted);

        blocked.Set();
        await run;
    }

    [Fact]
    public async Task A_starved_worker_still_notices_code_that_never_ends()
    {
        var waited = TimeSpan.Zero;
        using var blocked = new ManualResetEventSlim();
        using var watchdog = new ActivationWatchdog(TimeProvider.System, enabled: false, _ => waited += TimeSpan.FromMilliseconds(450));
        var run = await StartedAsync(watchdog, blocked);

        Tick(watchdog, 60);

        await Assert.ThrowsAsync<InvalidWorkflowOperationException>(() => run);
        blocked.Set();
    }

    [Fact]
    public void On_Linux_the_kernel_tells_how_long_a_thread_waited()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The numbers are Linux's.");

        Assert.NotEqual(0, ThreadRunDelay.CurrentThreadId);
        Assert.True(ThreadRunDelay.Of(ThreadRunDelay.CurrentThreadId) >= TimeSpan.Zero);
        Assert.Null(ThreadRunDelay.Of(int.MaxValue));
    }

    static async Task<Task> StartedAsync(ActivationWatchdog watchdog, ManualResetEventSlim blocked)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var run = watchdog.RunAsync(
            () =>
            {
                started.SetResult();
                blocked.Wait();
            },
            _ => { });
        await started.Task;
        return run;
    }

    static void Tick(ActivationWatchdog watchdog, int times)
    {
        for (var i = 0; i < times; i++)
            watchdog.OnTick();
    }
}
