using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Schedules;

/// <summary>A stretch of time with one offset. Seconds since 1970; <see cref="Start"/> belongs to it, <see cref="End"/> does not.</summary>
public readonly record struct ZonePeriod(long Start, long End, int Offset, int OffsetBefore, int OffsetAfter)
{
    /// <summary>Length of local time that the change at the start skipped, or 0.</summary>
    public int GapBefore => Math.Max(0, Offset - OffsetBefore);

    /// <summary>Local times before this one were seen already in the period before; at or below the period's start if none were.</summary>
    public long RepeatsUntil => Start == long.MinValue ? long.MinValue : Start + OffsetBefore;

    /// <summary>Local times from this one on come a second time in the next period; at or above the period's end if none do.</summary>
    public long RepeatedFrom => End == long.MaxValue ? long.MaxValue : End + OffsetAfter;
}

/// <summary>
/// A time zone as what it is for arithmetic: a list of instants at which the offset changes. Made from the machine's tz data once;
/// changes of the daylight saving flag alone are no change here, as cron does not see them either.
/// </summary>
public sealed class Zone
{
    readonly long[] _starts;
    readonly int[] _offsets;

    /// <param name="starts">First instant of each period; the first is <see cref="long.MinValue"/>.</param>
    public Zone(string id, IReadOnlyList<long> starts, IReadOnlyList<int> offsets)
    {
        Id = id;
        var keptStarts = new List<long>(starts.Count);
        var keptOffsets = new List<int>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
        {
            if (keptOffsets.Count > 0 && keptOffsets[^1] == offsets[i])
                continue;
            keptStarts.Add(starts[i]);
            keptOffsets.Add(offsets[i]);
        }

        _starts = [.. keptStarts];
        _offsets = [.. keptOffsets];
    }

    public static Zone Utc { get; } = new("UTC", [long.MinValue], [0]);

    public string Id { get; }

    public int PeriodCount => _starts.Length;

    public int IndexAt(long instant)
    {
        var found = Array.BinarySearch(_starts, instant);
        return found >= 0 ? found : ~found - 1;
    }

    public int OffsetAt(long instant) => _offsets[IndexAt(instant)];

    public ZonePeriod PeriodAt(long instant) => Period(IndexAt(instant));

    public ZonePeriod Period(int index)
    {
        var last = index == _starts.Length - 1;
        return new ZonePeriod(
            _starts[index],
            last ? long.MaxValue : _starts[index + 1],
            _offsets[index],
            index == 0 ? _offsets[0] : _offsets[index - 1],
            last ? _offsets[index] : _offsets[index + 1]);
    }

    /// <summary>Periods that overlap the instants from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public IEnumerable<ZonePeriod> Periods(long from, long to)
    {
        for (var i = IndexAt(from); i < _starts.Length && _starts[i] < to; i++)
            yield return Period(i);
    }

    public DateTimeOffset ToLocal(long instant) =>
        DateTimeOffset.FromUnixTimeSeconds(instant).ToOffset(TimeSpan.FromSeconds(OffsetAt(instant) / 60 * 60));

    /// <summary>Changes when the rules between the two instants change: the way to notice new tz data that matters.</summary>
    public string Fingerprint(long from, long to)
    {
        var text = new StringBuilder(Id);
        foreach (var period in Periods(from, to))
            text.Append(';').Append(Math.Max(period.Start, from)).Append(':').Append(period.Offset);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    public override string ToString() => Id;
}
