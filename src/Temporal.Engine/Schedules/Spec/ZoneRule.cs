using System.Globalization;

namespace Temporal.Engine.Schedules;

/// <summary>The rule for all later years at the end of a zone file, as POSIX writes it: <c>CET-1CEST,M3.5.0,M10.5.0/3</c>.</summary>
sealed class ZoneRule
{
    readonly Change? _begin;
    readonly Change? _end;

    ZoneRule(int standard, int daylight, Change? begin, Change? end)
    {
        StandardOffset = standard;
        DaylightOffset = daylight;
        _begin = begin;
        _end = end;
    }

    public int StandardOffset { get; }

    public int DaylightOffset { get; }

    public bool HasDaylight => _begin is not null;

    /// <summary>Null when the text is none.</summary>
    public static ZoneRule? Read(string text)
    {
        try
        {
            var rest = text.AsSpan();
            SkipName(ref rest);
            var standard = -Offset(ref rest);
            if (rest.IsEmpty)
                return new(standard, standard, null, null);
            SkipName(ref rest);
            var daylight = rest.IsEmpty || rest[0] == ',' ? standard + 3600 : -Offset(ref rest);
            if (rest.IsEmpty)
                rest = ",M3.2.0,M11.1.0";
            var begin = Change.Read(ref rest);
            var end = Change.Read(ref rest);
            return rest.IsEmpty ? new(standard, daylight, begin, end) : null;
        }
        catch (FormatException)
        {
            // A file with a rule that we cannot read still has all its listed changes.
            return null;
        }
    }

    /// <summary>The two changes of a year, in order of time.</summary>
    public IEnumerable<(long Instant, int Offset)> ChangesOf(int year)
    {
        if (_begin is null || _end is null)
            return [];
        var begin = (Instant: _begin.LocalSeconds(year) - StandardOffset, Offset: DaylightOffset);
        var end = (Instant: _end.LocalSeconds(year) - DaylightOffset, Offset: StandardOffset);
        return begin.Instant < end.Instant ? [begin, end] : [end, begin];
    }

    static void SkipName(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        if (!text.IsEmpty && text[0] == '<')
            length = text.IndexOf('>') + 1;
        else
            while (length < text.Length && char.IsAsciiLetter(text[length]))
                length++;
        if (length < 3)
            throw new FormatException("no zone name");
        text = text[length..];
    }

    // [+-]hh[:mm[:ss]]
    static int Offset(ref ReadOnlySpan<char> text)
    {
        var sign = !text.IsEmpty && text[0] == '-' ? -1 : 1;
        if (!text.IsEmpty && text[0] is '-' or '+')
            text = text[1..];
        var seconds = Number(ref text) * 3600;
        if (Take(ref text, ':'))
            seconds += Number(ref text) * 60;
        if (Take(ref text, ':'))
            seconds += Number(ref text);
        return sign * seconds;
    }

    static int Number(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        var number = int.Parse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture);
        text = text[length..];
        return number;
    }

    static bool Take(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
            return false;
        text = text[1..];
        return true;
    }

    /// <summary>
    /// One change: <c>Mm.w.d/time</c> (week w of month m on day d), <c>Jn</c> (day n, 29 February never counted) or <c>n</c>.
    /// </summary>
    sealed record Change(char Form, int Month, int Week, int Day, int Time)
    {
        public static Change Read(ref ReadOnlySpan<char> text)
        {
            if (!Take(ref text, ','))
                throw new FormatException("no rule");
            var form = Take(ref text, 'M') ? 'M' : Take(ref text, 'J') ? 'J' : 'N';
            var (month, week, day) = (0, 0, Number(ref text));
            if (form == 'M')
            {
                month = day;
                week = Take(ref text, '.') ? Number(ref text) : throw new FormatException("no week");
                day = Take(ref text, '.') ? Number(ref text) : throw new FormatException("no day");
                if (month is < 1 or > 12 || week is < 1 or > 5 || day > 6)
                    throw new FormatException("no such day");
            }

            return new(form, month, week, day, Take(ref text, '/') ? Offset(ref text) : 7200);
        }

        public long LocalSeconds(int year)
        {
            var date = Form switch
            {
                'M' => DayOfWeekInMonth(year),
                'J' => new DateTime(year, 1, 1).AddDays(Day - 1 + (Day >= 60 && DateTime.IsLeapYear(year) ? 1 : 0)),
                _ => new DateTime(year, 1, 1).AddDays(Day),
            };
            return ((date.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond) + Time;
        }

        DateTime DayOfWeekInMonth(int year)
        {
            var first = new DateTime(year, Month, 1);
            var day = 1 + ((Day - (int)first.DayOfWeek + 7) % 7) + ((Week - 1) * 7);
            // Week 5 is the last one, whichever number it has.
            while (day > DateTime.DaysInMonth(year, Month))
                day -= 7;
            return new(year, Month, day);
        }
    }
}
