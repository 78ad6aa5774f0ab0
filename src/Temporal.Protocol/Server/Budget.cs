namespace Temporal.Protocol;

/// <summary>A number of things that may be there at a time: calls, bytes of requests, bytes of answers.</summary>
sealed class Budget(string what, long limit)
{
    long _used;

    /// <summary>Until the lease is disposed. Throws RESOURCE_EXHAUSTED when there is not so much left.</summary>
    public Lease Take(long amount)
    {
        if (Interlocked.Add(ref _used, amount) <= limit)
            return new(this, amount);

        Interlocked.Add(ref _used, -amount);
        throw new RpcFailure(
            RpcStatus.ResourceExhausted, $"The server has as many {what} under way as it takes at a time ({limit}); try again later.");
    }

    /// <summary>What was taken; the default value took nothing.</summary>
    public readonly struct Lease(Budget? budget, long amount) : IDisposable
    {
        public void Dispose()
        {
            if (budget is not null)
                Interlocked.Add(ref budget._used, -amount);
        }
    }
}
