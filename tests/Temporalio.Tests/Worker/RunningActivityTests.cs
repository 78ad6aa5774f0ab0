using Temporalio.Activities;
using Temporalio.Worker.Activities;

namespace Temporalio.Tests.Worker;

public sealed class RunningActivityTests
{
    [Fact]
    public void An_attempt_that_ends_at_the_moment_of_its_cancellation_throws_nothing_into_the_worker()
    {
        // The two meet in a window of some instructions: only many tries hit it.
        const int tries = 20_000;
        using var meeting = new Barrier(2);
        RunningActivity? attempt = null;
        var ending = new Thread(() =>
        {
            for (var i = 0; i < tries; i++)
            {
                meeting.SignalAndWait();
                attempt!.Dispose();
                meeting.SignalAndWait();
            }
        });
        ending.Start();
        var problems = new HashSet<string>();
        for (var i = 0; i < tries; i++)
        {
            attempt = new RunningActivity(new(), TimeProvider.System);
            meeting.SignalAndWait();
            try
            {
                attempt.Cancel(ActivityCancelReason.WorkerShutdown, new() { IsWorkerShutdown = true });
            }
            catch (ObjectDisposedException problem)
            {
                problems.Add(problem.Message);
            }

            meeting.SignalAndWait();
        }

        ending.Join();
        Assert.Empty(problems);
    }
}
