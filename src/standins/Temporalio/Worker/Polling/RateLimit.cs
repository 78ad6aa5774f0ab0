namespace Temporalio.Worker.Polling;

/// <summary>Spaces the polls for activities so that no more start per second than allowed.</summary>
sealed class RateLimit(double? perSecond, TimeProvider time)
{
    readonly Lock _lock = new();
    long _next = time.GetTimestamp();

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        if (perSecond is not { } rate)
            return Task.CompletedTask;

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var mine = Math.Max(now, _next);
            _next = mine + (long)(time.TimestampFrequency / rate);
            wait = time.GetElapsedTime(now, mine);
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
