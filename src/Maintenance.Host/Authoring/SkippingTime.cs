namespace Maintenance.Host.Authoring;

/// <summary>
/// The machine's time, which may be moved forward: a job that pauses for an hour before its next try is tested in a moment.
/// Waits that end before the new time end at once.
/// </summary>
sealed class SkippingTime : TimeProvider
{
    readonly Lock _lock = new();
    readonly HashSet<Timer> _timers = [];
    TimeSpan _skipped;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return base.GetUtcNow() + _skipped;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return base.GetTimestamp() + (_skipped.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);
    }

    /// <summary>Moves to that time; an earlier one changes nothing.</summary>
    public void SkipTo(DateTimeOffset time)
    {
        Timer[] timers;
        TimeSpan by;
        lock (_lock)
        {
            by = time - (base.GetUtcNow() + _skipped);
            if (by <= TimeSpan.Zero)
                return;
            _skipped += by;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
            timer.Skip(by);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        lock (_lock)
            _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    ITimer CreateReal(TimerCallback callback) => base.CreateTimer(callback, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    void Forget(Timer timer)
    {
        lock (_lock)
            _timers.Remove(timer);
    }

    /// <summary>A timer of the machine that knows when it is due, so that a skip can bring it forward.</summary>
    sealed class Timer : ITimer
    {
        readonly SkippingTime _time;
        readonly ITimer _real;
        readonly Lock _lock = new();
        TimeSpan _period;
        DateTimeOffset? _due;

        public Timer(SkippingTime time, TimerCallback callback, object? state)
        {
            _time = time;
            _real = time.CreateReal(_ =>
            {
                lock (_lock)
                    _due = _period > TimeSpan.Zero ? System.GetUtcNow() + _period : null;
                callback(state);
            });
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_lock)
            {
                _period = period;
                _due = dueTime < TimeSpan.Zero ? null : System.GetUtcNow() + dueTime;
            }

            return _real.Change(dueTime, period);
        }

        public void Skip(TimeSpan by)
        {
            lock (_lock)
            {
                if (_due is not { } due)
                    return;
                _due = due - by;
                var left = due - by - System.GetUtcNow();
                _real.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            _time.Forget(this);
            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _time.Forget(this);
            return _real.DisposeAsync();
        }
    }
}
