using System.Numerics;
using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Temporal.Engine.Schedules;

/// <summary>
/// A structured calendar as bit sets. Works on local times without a zone, as seconds since 1970-01-01T00:00:00 local, and
/// jumps from field to field: a search over a century looks at no more than its months.
/// </summary>
sealed class CalendarMatcher
{
    /// <summary>No match.</summary>
    public const long Never = long.MaxValue;

    const int SecondsPerDay = 86400;
    static readonly long Begin = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
    static readonly long End = (new DateTime(CalendarLimits.LastYear + 1, 1, 1).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    const ulong AllSixty = (1UL << 60) - 1;
    const ulong AllHours = (1UL << 24) - 1;

    readonly ulong _seconds;
    readonly ulong _minutes;
    readonly ulong _hours;
    readonly ulong _months;
    readonly ulong _daysOfMonth;
    readonly ulong _daysOfWeek;

    // The days of a month whose day of week is wanted, by the day of week of its first.
    readonly ulong[] _daysByFirstWeekday = new ulong[7];
    readonly Range[] _years;
    readonly int _firstTime;

    public CalendarMatcher(StructuredCalendarSpec calendar)
    {
        _seconds = Bits(calendar.Second);
        _minutes = Bits(calendar.Minute);
        _hours = Bits(calendar.Hour) & AllHours;
        _months = Bits(calendar.Month);
        _daysOfMonth = Bits(calendar.DayOfMonth);
        _daysOfWeek = Bits(calendar.DayOfWeek);
        _years = [.. calendar.Year];
        for (var first = 0; first < 7; first++)
        {
            for (var day = 1; day <= 31; day++)
                _daysByFirstWeekday[first] |= ((_daysOfWeek >> ((first + day - 1) % 7)) & 1) << day;
        }

        _firstTime = TimeOfDay(0);
    }

    public bool Matches(long local)
    {
        var at = DateTime.UnixEpoch.AddSeconds(local);
        return Has(_seconds, at.Second) && Has(_minutes, at.Minute) && Has(_hours, at.Hour) && Has(_daysOfMonth, at.Day)
            && Has(_months, at.Month) && Has(_daysOfWeek, (int)at.DayOfWeek) && HasYear(at.Year);
    }

    /// <summary>The earliest matching local second at or after <paramref name="from"/>, or <see cref="Never"/>.</summary>
    public long Next(long from)
    {
        if (_firstTime < 0 || from >= End)
            return Never;
        from = Math.Max(from, Begin);
        var day = Math.DivRem(from, SecondsPerDay, out var second);
        if (second < 0)
        {
            day--;
            second += SecondsPerDay;
        }

        var next = Date(day);
        if (next == day)
        {
            var time = TimeOfDay((int)second);
            if (time >= 0)
                return (day * SecondsPerDay) + time;
            next = Date(day + 1);
        }

        return next == Never ? Never : (next * SecondsPerDay) + _firstTime;
    }

    /// <summary>The end of the longest stretch of whole minutes, hours or a day around a matching time that matches throughout.</summary>
    public long MatchesUntil(long local)
    {
        if (_seconds != AllSixty)
            return local + 1;
        var unit = _minutes != AllSixty ? 60 : _hours != AllHours ? 3600 : SecondsPerDay;
        return local - (((local % unit) + unit) % unit) + unit;
    }

    // The earliest matching time of day at or after this one, in seconds; -1 when the day has none.
    int TimeOfDay(int from)
    {
        var (hour, minute, second) = (from / 3600, from / 60 % 60, from % 60);
        if (Has(_hours, hour))
        {
            if (Has(_minutes, minute) && From(_seconds, second) is var s and >= 0)
                return (hour * 3600) + (minute * 60) + s;
            if (From(_minutes, minute + 1) is var m and >= 0 && From(_seconds, 0) is var first and >= 0)
                return (hour * 3600) + (m * 60) + first;
        }

        var (nextHour, nextMinute, nextSecond) = (From(_hours, hour + 1), From(_minutes, 0), From(_seconds, 0));
        return nextHour < 0 || nextMinute < 0 || nextSecond < 0 ? -1 : (nextHour * 3600) + (nextMinute * 60) + nextSecond;
    }

    // The earliest matching day at or after this one, in days since 1970-01-01.
    long Date(long from)
    {
        var start = DateTime.UnixEpoch.AddDays(from);
        var (year, month, day) = (start.Year, start.Month, start.Day);
        for (; year <= CalendarLimits.LastYear; year++, month = 1, day = 1)
        {
            if (!HasYear(year))
                continue;
            for (; From(_months, month) is var next and >= 1 and <= 12; month = next + 1, day = 1)
            {
                if (next != month)
                    day = 1;
                var first = new DateTime(year, next, 1);
                var days = _daysOfMonth & _daysByFirstWeekday[(int)first.DayOfWeek] & ((2UL << DateTime.DaysInMonth(year, next)) - 1);
                if (From(days, day) is var found and > 0)
                    return ((first.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerDay) + found - 1;
            }
        }

        return Never;
    }

    bool HasYear(int year) =>
        _years.Length == 0 || Array.Exists(_years, range =>
            year >= range.Start && year <= Math.Max(range.Start, range.End) && (year - range.Start) % Math.Max(range.Step, 1) == 0);

    static bool Has(ulong bits, int value) => ((bits >> value) & 1) != 0;

    // The lowest set bit at or above this one, or -1.
    static int From(ulong bits, int value)
    {
        if (value > 63)
            return -1;
        bits &= ulong.MaxValue << value;
        return bits == 0 ? -1 : BitOperations.TrailingZeroCount(bits);
    }

    static ulong Bits(IEnumerable<Range> ranges)
    {
        var bits = 0UL;
        foreach (var range in ranges)
        {
            long step = Math.Max(range.Step, 1);
            long value = range.Start;
            // Only excludes, which nobody checks, have values outside of their field.
            if (value < 0)
                value += (-value + step - 1) / step * step;
            for (; value <= Math.Min(Math.Max(range.Start, range.End), 63); value += step)
                bits |= 1UL << (int)value;
        }

        return bits;
    }
}
