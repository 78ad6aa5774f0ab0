using Microsoft.Extensions.Logging;
using Temporalio.Exceptions;

namespace Temporalio.Worker.Polling;

/// <summary>
/// One open poll at a time: takes a slot, asks, hands the task on with its slot, begins again. A turn that fails is repeated after
/// a growing wait; the loop ends only when it is told to.
/// </summary>
/// <typeparam name="TTask">A task as polled.</typeparam>
sealed class Poller<TTask>(
    string what,
    SlotPool slots,
    Func<CancellationToken, Task<TTask?>> poll,
    Func<TTask, SlotPool.Slot, Task> handle,
    TimeProvider time,
    ILogger logger)
    where TTask : class
{
    readonly PollBackoff _backoff = new();

    public async Task RunAsync(Action<Task> track, CancellationToken stop)
    {
        // The first poll must not run on the caller's stack: in process it may go a long way before it waits.
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            SlotPool.Slot? slot = null;
            try
            {
                slot = await slots.TakeAsync(stop);
                var task = await poll(stop);
                Answered();
                if (task is not null)
                {
                    track(handle(task, slot));
                    slot = null;
                }
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // The poll was given up because the worker stops; nothing was lost, the server hands the task to another.
                return;
            }
            catch (Exception problem)
            {
                slot?.Dispose();
                slot = null;
                await WaitAfterAsync(problem, stop);
            }
            finally
            {
                slot?.Dispose();
            }
        }
    }

    void Answered()
    {
        if (_backoff.HasFailed)
            logger.LogInformation("Polling for {What} works again", what);
        _backoff.Succeeded();
    }

    async Task WaitAfterAsync(Exception problem, CancellationToken stop)
    {
        var wait = _backoff.Failed(problem, Random.Shared.NextDouble());
        if (problem is not RpcException { Code: RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled })
        {
            logger.Log(
                _backoff.IsFirstFailure ? LogLevel.Warning : LogLevel.Debug,
                problem,
                "Polling for {What} failed; next try in {WaitMs} ms",
                what,
                (long)wait.TotalMilliseconds);
        }

        await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
