namespace Maintenance.Records.Tests;

/// <summary>A clock that moves when told. Timers are the real ones, so only what asks for the time is simulated.</summary>
sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    DateTimeOffset _now = now;

    public void Advance(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;
}
