namespace Temporal.Protocol;

/// <summary>The caller's token and the deadline of one call in one token, so that the two can be told apart afterwards.</summary>
sealed class CallDeadline : IDisposable
{
    /// <summary>The longest that a timer takes; longer deadlines are as good as none.</summary>
    static readonly TimeSpan TimerMax = TimeSpan.FromDays(45);

    readonly CancellationTokenSource? _timer;
    readonly CancellationTokenSource? _linked;
    readonly CancellationToken _caller;

    public CallDeadline(TimeSpan? timeout, TimeProvider time, CancellationToken caller)
    {
        if (timeout is { } span && span < TimerMax)
        {
            _timer = new(span > TimeSpan.Zero ? span : TimeSpan.Zero, time);
            if (caller.CanBeCanceled)
                _linked = CancellationTokenSource.CreateLinkedTokenSource(caller, _timer.Token);
        }

        Token = (_linked ?? _timer)?.Token ?? caller;
        _caller = caller;
    }

    public CancellationToken Token { get; }

    /// <summary>True when the deadline, not the caller, ended the call.</summary>
    public bool HasPassed => _timer is { IsCancellationRequested: true } && !_caller.IsCancellationRequested;

    public static RpcFailure Exceeded(string path, TimeSpan? timeout) =>
        new(RpcStatus.DeadlineExceeded, $"The call {path} got no answer within {timeout}.");

    public void Dispose()
    {
        _linked?.Dispose();
        _timer?.Dispose();
    }
}
