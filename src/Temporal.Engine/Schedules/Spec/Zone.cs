namespace Temporal.Engine.Schedules;

/// <summary>
/// A time zone as the list of its offsets: exact to the second, expanded once up to the last year that schedules know. With
/// it a local time is an addition and a change of the clock is the end of a segment.
/// </summary>
sealed class Zone
{
    public static readonly Zone Utc = new([long.MinValue], [0]);

    readonly long[] _starts;
    readonly int[] _offsets;

    /// <param name="starts">When each offset begins, in Unix seconds; the first is the beginning of time.</param>
    /// <param name="offsets">Seconds east of Greenwich.</param>
    public Zone(long[] starts, int[] offsets)
    {
        _starts = starts;
        _offsets = offsets;
        LargestOffset = offsets.Max();
    }

    public int LargestOffset { get; }

    public int SegmentAt(long instant)
    {
        var index = Array.BinarySearch(_starts, instant);
        return index >= 0 ? index : ~index - 1;
    }

    public int Offset(int segment) => _offsets[segment];

    /// <summary>The first instant that no longer belongs to the segment.</summary>
    public long End(int segment) => segment + 1 < _starts.Length ? _starts[segment + 1] : long.MaxValue;

    public long ToLocal(long instant) => instant + _offsets[SegmentAt(instant)];
}
