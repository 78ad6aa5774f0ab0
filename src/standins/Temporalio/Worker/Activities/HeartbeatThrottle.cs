using Temporalio.Api.Common.V1;

namespace Temporalio.Worker.Activities;

/// <summary>
/// Sends heartbeats of one activity: the first at once, later ones not before the interval since the last one has passed, and then
/// only the newest.
/// </summary>
sealed class HeartbeatThrottle : IDisposable
{
    readonly Func<Payloads, Task<bool>> _send;
    readonly TimeSpan _interval;
    readonly ITimer _timer;
    readonly Lock _lock = new();
    Payloads? _newest;
    Payloads? _onTheWay;
    bool _isWaiting;
    bool _isClosed;

    /// <param name="send">Sends details; false when there is nobody to send to any more.</param>
    /// <param name="interval">Shortest time between two heartbeats.</param>
    /// <param name="time">The clock.</param>
    public HeartbeatThrottle(Func<Payloads, Task<bool>> send, TimeSpan interval, TimeProvider time)
    {
        _send = send;
        _interval = interval;
        _timer = time.CreateTimer(_ => OnInterval(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static TimeSpan IntervalOf(TimeSpan? heartbeatTimeout, TimeSpan withoutTimeout, TimeSpan longest)
    {
        var wanted = heartbeatTimeout is { Ticks: > 0 } timeout ? timeout * 0.8 : withoutTimeout;
        return wanted < longest ? wanted : longest;
    }

    public void Record(Payloads details)
    {
        lock (_lock)
        {
            _newest = details;
            if (_isWaiting || _isClosed)
                return;
            _isWaiting = true;
        }

        _ = SendNewestAsync();
    }

    /// <summary>Ends sending; gives the newest details if the server may not have them.</summary>
    public Payloads? Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return _newest ?? _onTheWay;
        }
    }

    public void Dispose() => _timer.Dispose();

    void OnInterval()
    {
        lock (_lock)
        {
            if (_newest is null || _isClosed)
            {
                _isWaiting = false;
                return;
            }
        }

        _ = SendNewestAsync();
    }

    async Task SendNewestAsync()
    {
        Payloads details;
        lock (_lock)
        {
            if (_isClosed || _newest is null)
                return;
            details = _newest;
            _newest = null;
            _onTheWay = details;
        }

        var mayGoOn = await _send(details);
        lock (_lock)
        {
            _onTheWay = null;
            _isClosed |= !mayGoOn;
            if (!_isClosed)
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }
    }
}
