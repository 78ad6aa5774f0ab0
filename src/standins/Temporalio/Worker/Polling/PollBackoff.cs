using Temporalio.Exceptions;

namespace Temporalio.Worker.Polling;

/// <summary>
/// How long to wait after a failed poll. A worker never gives up by itself: a server may be away for days, and a namespace may be
/// made after the worker started.
/// </summary>
sealed class PollBackoff
{
    static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan ShortestWhenExhausted = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    int _failures;

    public bool IsFirstFailure => _failures == 1;

    public bool HasFailed => _failures > 0;

    public void Succeeded() => _failures = 0;

    public TimeSpan Failed(Exception problem, double random)
    {
        var shortest = problem is RpcException { Code: RpcException.StatusCode.ResourceExhausted } ? ShortestWhenExhausted : Shortest;
        var wait = Math.Min(shortest.TotalSeconds * Math.Pow(2, Math.Min(_failures, 16)), Longest.TotalSeconds);
        _failures++;
        return TimeSpan.FromSeconds(wait * (0.8 + (0.4 * random)));
    }
}
