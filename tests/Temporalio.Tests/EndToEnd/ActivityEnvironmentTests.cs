using Temporalio.Activities;
using Temporalio.Testing;

namespace Temporalio.Tests.EndToEnd;

public class ActivityEnvironmentTests
{
    [Fact]
    public async Task Activity_code_heartbeats_and_learns_of_its_cancellation()
    {
        var beats = new List<object?>();
        var beaten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var environment = new ActivityEnvironment
        {
            Heartbeater = details =>
            {
                beats.AddRange(details);
                beaten.TrySetResult();
            },
        };

        var run = environment.RunAsync(async () =>
        {
            var context = ActivityExecutionContext.Current;
            context.Heartbeat("half", 1);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, context.CancellationToken));
            return context.CancelReason;
        });
        await beaten.Task;
        environment.Cancel(ActivityCancelReason.Timeout);

        Assert.Equal(ActivityCancelReason.Timeout, await run);
        Assert.Equal(["half", 1], beats);
        Assert.False(ActivityExecutionContext.HasCurrent);
    }
}
