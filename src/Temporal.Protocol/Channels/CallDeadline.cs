namespace Temporal.Protocol;

/// <summary>Callers' tokens and the deadline of one call in one token, so that the two can be told apart afterwards.</summary>
sealed class CallDeadline : IDisposable
{
    /// <summary>The longest that a timer takes; longer deadlines are as good as none.</summary>
    static readonly TimeSpan TimerMax = TimeSpan.FromDays(45);

    readonly CancellationTokenSource _ended;
    readonly ITimer? _timer;
    volatile bool _hasPassed;

    /// <param name="also">Ends the call as <paramref name="caller"/> does.</param>
    public CallDeadline(TimeSpan? timeout, TimeProvider time, CancellationToken caller, CancellationToken also = default)
    {
        _ended = CancellationTokenSource.CreateLinkedTokenSource(caller, also);
        Token = _ended.Token;
        if (timeout is { } span && span < TimerMax)
            _timer = time.CreateTimer(
                static call => ((CallDeadline)call!).Pass(), this, span > TimeSpan.Zero ? span : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token { get; }

    /// <summary>True when the deadline, not the caller, ended the call.</summary>
    public bool HasPassed => _hasPassed;

    public static RpcFailure Exceeded(string path, TimeSpan? timeout) =>
        new(RpcStatus.DeadlineExceeded, $"The call {path} got no answer within {timeout}.");

    void Pass()
    {
        if (Token.IsCancellationRequested)
            return;
        _hasPassed = true;
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call was answered in this very moment.
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _ended.Dispose();
    }
}
