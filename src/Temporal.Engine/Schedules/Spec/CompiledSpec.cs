using System.Text;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Schedules;

/// <summary>A due time: <paramref name="Nominal"/> as the spec says, <paramref name="Due"/> with jitter added.</summary>
readonly record struct DueTime(DateTime Nominal, DateTime Due);

/// <summary>
/// A spec ready to be asked for its due times. Pure and immutable. An instant is due when its local fields match, whatever
/// the clock does around it: a local time that is skipped has no instant, one that is repeated has two.
/// </summary>
sealed class CompiledSpec
{
    // A search that finds nothing but excluded times ends here instead of holding up everybody else.
    const int LongestSearch = 1_000_000;

    // Clocks never go back by more than this at once.
    const long LargestChange = 2 * 86400;
    const int NanosPerSecond = 1_000_000_000;

    readonly CalendarMatcher[] _calendars;
    readonly CalendarMatcher[] _excludes;
    readonly (long Interval, long Phase)[] _intervals;
    readonly Zone _zone;
    readonly DateTime _from;
    readonly DateTime? _until;
    readonly TimeSpan _jitter;
    readonly uint _seed;

    CompiledSpec(ScheduleSpec canonical, string jitterSeed)
    {
        Canonical = canonical;
        _zone = canonical.TimezoneData.Length > 0 ? ZoneFile.Read(canonical.TimezoneData.Span) : ZoneDatabase.Find(canonical.TimezoneName);
        _calendars = [.. canonical.StructuredCalendar.Select(calendar => new CalendarMatcher(calendar))];
        _excludes = [.. canonical.ExcludeStructuredCalendar.Select(calendar => new CalendarMatcher(calendar))];
        _intervals = [.. canonical.Interval.Select(Seconds)];
        // One second before, so that the start itself can be due. No start is the beginning of 1970.
        _from = canonical.StartTime is null
            ? DateTime.UnixEpoch.AddSeconds(-1)
            : Instants.Add(Instants.Of(canonical.StartTime), TimeSpan.FromSeconds(-1));
        _until = canonical.EndTime is null ? null : Instants.Of(canonical.EndTime);
        _jitter = GoDuration.Span(canonical.Jitter);
        _seed = Hash(2166136261, Encoding.UTF8.GetBytes(jitterSeed));
    }

    public ScheduleSpec Canonical { get; }

    /// <summary>The longest that a due time may come after its nominal time.</summary>
    public TimeSpan LongestJitter => _jitter > TimeSpan.Zero ? _jitter : TimeSpan.Zero;

    /// <exception cref="InvalidSpecException">The spec cannot be read.</exception>
    public static CompiledSpec Of(ScheduleSpec spec, string jitterSeed) => new(CanonicalSpec.Of(spec), jitterSeed);

    /// <summary>The earliest due time whose nominal time is after this one; null when there is none.</summary>
    public DueTime? Next(DateTime after)
    {
        if (after < _from)
            after = _from;
        var search = Floor(after);
        for (var tries = 0; tries < LongestSearch; tries++)
        {
            var nominal = NextRaw(search);
            if (nominal == CalendarMatcher.Never)
                return null;
            var instant = DateTime.UnixEpoch.AddSeconds(nominal);
            if (instant > _until || instant.Year > CalendarLimits.LastYear)
                return null;
            var excludedUntil = ExcludedUntil(nominal);
            if (excludedUntil == nominal)
                return new(instant, Jittered(nominal, instant));
            search = excludedUntil - 1;
        }

        throw new SpecSearchException();
    }

    DateTime Jittered(long nominal, DateTime instant)
    {
        var most = _jitter;
        if (most <= TimeSpan.Zero)
            return instant;
        // The next nominal time is never reached, excluded or not.
        var following = NextRaw(nominal);
        if (following != CalendarMatcher.Never && following - nominal < most.TotalSeconds)
            most = TimeSpan.FromSeconds(following - nominal);
        var hash = Hash(_seed, BitConverter.GetBytes(nominal));
        var milliseconds = (ulong)Math.Min(most.TotalMilliseconds, uint.MaxValue);
        return instant.AddMilliseconds((hash * milliseconds) >> 32);
    }

    long NextRaw(long after)
    {
        var next = CalendarMatcher.Never;
        foreach (var calendar in _calendars)
            next = Math.Min(next, NextOf(calendar, after));
        foreach (var (interval, phase) in _intervals)
            next = Math.Min(next, ((FloorDivide(after - phase, interval) + 1) * interval) + phase);
        return next;
    }

    long NextOf(CalendarMatcher calendar, long after)
    {
        var from = after + 1;
        for (var segment = _zone.SegmentAt(from); ; segment = _zone.SegmentAt(from))
        {
            var (offset, end) = (_zone.Offset(segment), _zone.End(segment));
            var local = calendar.Next(from + offset);
            var instant = local == CalendarMatcher.Never ? CalendarMatcher.Never : local - offset;
            if (instant < end || end == long.MaxValue)
                return instant;
            // No fields match before that, unless the clock goes back right behind us.
            if (end - from <= LargestChange)
                from = end;
            else if (local == CalendarMatcher.Never)
                return CalendarMatcher.Never;
            else
                from = Math.Max(end, local - _zone.LargestOffset);
        }
    }

    // The end of the stretch that is certainly excluded, or the instant itself when it is not.
    long ExcludedUntil(long instant)
    {
        if (_excludes.Length == 0)
            return instant;
        var segment = _zone.SegmentAt(instant);
        var local = instant + _zone.Offset(segment);
        foreach (var exclude in _excludes)
        {
            if (exclude.Matches(local))
                return Math.Min(exclude.MatchesUntil(local) - _zone.Offset(segment), _zone.End(segment));
        }

        return instant;
    }

    static (long Interval, long Phase) Seconds(IntervalSpec spec) =>
        (Math.Max(GoDuration.Nanos(spec.Interval) / NanosPerSecond, 1), Math.Max(GoDuration.Nanos(spec.Phase) / NanosPerSecond, 0));

    static long Floor(DateTime instant) => FloorDivide(instant.Ticks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);

    static long FloorDivide(long a, long b)
    {
        var quotient = Math.DivRem(a, b, out var rest);
        return rest < 0 ? quotient - 1 : quotient;
    }

    // FNV-1a with a finisher that spreads the last bytes over all bits. Must never change: it decides when runs start.
    static uint Hash(uint hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            hash = (hash ^ b) * 16777619;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}

/// <summary>A spec excludes so many of its times that no search finds the next one.</summary>
sealed class SpecSearchException()
    : Exception("the schedule calendar specification has too many exclusions. Please modify the specification.");
