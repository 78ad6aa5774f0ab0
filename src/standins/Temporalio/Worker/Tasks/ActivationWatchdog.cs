using Temporalio.Exceptions;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// Notices workflow code that does not return. On a machine without spare processor time code is slow that is not stuck, and a
/// workflow task that fails then makes it worse. So the ticks are the watchdog's own, which come late on such a machine too, and
/// the time in which the code's thread waited for a processor does not count.
/// </summary>
sealed class ActivationWatchdog : IDisposable
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    const int TicksMax = 5;

    // Even a starved thread gets some processor time in this long; code that has not returned by now does not return.
    const int TicksMaxStarved = 60;

    readonly Lock _lock = new();
    readonly List<Watch> _watches = [];
    readonly Func<int, TimeSpan?> _runDelay;
    readonly ITimer? _timer;

    public ActivationWatchdog(TimeProvider time, bool enabled, Func<int, TimeSpan?>? runDelay = null)
    {
        _runDelay = runDelay ?? ThreadRunDelay.Of;
        if (enabled)
            _timer = time.CreateTimer(_ => OnTick(), null, Tick, Tick);
    }

    /// <summary>Runs workflow code on another thread and waits for it, but not for ever.</summary>
    /// <exception cref="InvalidWorkflowOperationException">It does not return; <paramref name="stuck"/> is told the task that still
    /// runs.</exception>
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
                    "[TMPRL1101] Potential deadlock detected: workflow code did not return within two seconds. It blocks on something: a "
                        + "lock, "
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

    internal void OnTick()
    {
        lock (_lock)
        {
            foreach (var watch in _watches)
                watch.OnTick(_runDelay);
        }
    }

    sealed class Watch
    {
        readonly TaskCompletionSource _expired = new(TaskCreationOptions.RunContinuationsAsynchronously);
        volatile bool _begun;
        int _threadId;
        int _ticks;
        TimeSpan _delayAtFirstTick;

        public Task Expired => _expired.Task;

        public void Begin()
        {
            _threadId = ThreadRunDelay.CurrentThreadId;
            _begun = true;
        }

        public void OnTick(Func<int, TimeSpan?> runDelay)
        {
            if (!_begun)
                return;

            _ticks++;
            var delay = runDelay(_threadId) ?? TimeSpan.Zero;
            if (_ticks == 1)
                _delayAtFirstTick = delay;
            var couldRun = (_ticks * Tick) - (delay - _delayAtFirstTick);
            if (couldRun >= TicksMax * Tick || _ticks >= TicksMaxStarved)
                _expired.TrySetResult();
        }
    }
}
