namespace Serilog.Sinks.Seq;

/// <summary>How long to leave an unwell server alone: the period doubled with every failure in a row, at most a minute.</summary>
sealed class BackOff(TimeSpan period)
{
    static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    int _failures;

    public void Success() => _failures = 0;

    /// <param name="asked">What the server said in Retry-After; it is believed up to ten minutes.</param>
    public TimeSpan Failure(TimeSpan? asked)
    {
        _failures = Math.Min(_failures + 1, 16);
        var least = period > TimeSpan.FromMilliseconds(500) ? period : TimeSpan.FromMilliseconds(500);
        var doubled = TimeSpan.FromTicks(Math.Min(least.Ticks << (_failures - 1), Max.Ticks));
        return asked is { } wish && wish > doubled ? TimeSpan.FromTicks(Math.Min(wish.Ticks, Max.Ticks * 10)) : doubled;
    }
}
