namespace Maintenance.Jobs.Tests.Runs;

/// <summary>
/// The machine's clock, set forward: what is due until then is due at once. Its timers run as ever, and the engine looks at the clock once a
/// second.
/// </summary>
public sealed class ShiftedTime : TimeProvider
{
    long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Pass(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);
}
