namespace Serilog.Sinks.Seq.Tests;

/// <summary>A clock whose timers run a thousand times too fast, so that a time limit of half a minute is tested in moments.</summary>
public sealed class ImpatientTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime / 1000, period == Timeout.InfiniteTimeSpan ? period : period / 1000);
}
