using Temporalio.Exceptions;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// Notices workflow code that does not return. It counts its own ticks instead of comparing clocks: on a machine without spare
/// processor time the ticks come late as the workflow does, so that a starved worker is not taken for a deadlock.
/// </summary>
sealed class ActivationWatchdog : IDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    const int TicksMax = 5;

    readonly Lock _lock = new();
    readonly List<Watch> _watches = [];
    readonly ITimer? _timer;

    public ActivationWatchdog(TimeProvider time, bool enabled)
    {
        if (enabled)
            _timer = time.CreateTimer(_ => OnTick(), null, Tick, Tick);
    }

    /// <summary>Runs workflow code on another thread and waits for it, but not for ever.</summary>
    /// <exception cref="InvalidWorkflowOperationException">It does not return; <paramref name="stuck"/> is told the task that still runs.</exception>
    public async Task RunAsync(Action activation, Action<Task> stuck)
    {
        var watch = new Watch();
        lock (_lock)
            _watches.Add(watch);
        try
        {
            var run = Task.Run(() =>
            {
                watch.Begin();
                activation();
            });
            if (await Task.WhenAny(run, watch.Expired) != run)
            {
                stuck(run);
                throw new InvalidWorkflowOperationException(
                    "[TMPRL1101] Potential deadlock detected: workflow code did not return within two seconds. It blocks on something: a lock, "
                    + "a task's Result, Thread.Sleep, or it computes for long; do that in an activity.");
            }

            await run;
        }
        finally
        {
            lock (_lock)
                _watches.Remove(watch);
        }
    }

    public void Dispose() => _timer?.Dispose();

    void OnTick()
    {
        lock (_lock)
        {
            foreach (var watch in _watches)
                watch.OnTick();
        }
    }

    sealed class Watch
    {
        readonly TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        volatile bool _begun;
        int _ticks;

        public Task Expired => _expired.Task;

        public void Begin() => _begun = true;

        public void OnTick()
        {
            if (_begun && ++_ticks >= TicksMax)
                _expired.TrySetResult();
        }
    }
}
