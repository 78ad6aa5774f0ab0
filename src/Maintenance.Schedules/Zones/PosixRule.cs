using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// The rule at the end of a tz file that holds for all years after the listed changes, such as <c>CET-1CEST,M3.5.0,M10.5.0/3</c>
/// (RFC 9636 section 3.3.1). Offsets in it count westwards.
/// </summary>
sealed class PosixRule
{
    readonly int _standard;
    readonly int _daylight;
    readonly Change? _begins;
    readonly Change? _ends;

    PosixRule(int standard, int daylight, Change? begins, Change? ends)
    {
        _standard = standard;
        _daylight = daylight;
        _begins = begins;
        _ends = ends;
    }

    public static PosixRule Parse(string text)
    {
        var reader = new Reader(text);
        reader.SkipName();
        var standard = -reader.Time();
        if (reader.AtEnd)
            return new PosixRule(standard, standard, null, null);

        reader.SkipName();
        var daylight = reader.Next == ',' ? standard + 3600 : -reader.Time();
        reader.Skip(',');
        var begins = Change.Read(reader);
        reader.Skip(',');
        return new PosixRule(standard, daylight, begins, Change.Read(reader));
    }

    /// <summary>Adds the changes after the last one that is listed, up to the end of <paramref name="lastYear"/>.</summary>
    public void Extend(List<long> starts, List<int> offsets, int lastYear)
    {
        if (_begins is null || _ends is null)
        {
            if (offsets[^1] != _standard)
                throw new InvalidDataException("the rule of the zone does not continue its last change");
            return;
        }

        var after = starts[^1];
        var firstYear = after < 0 ? 1970 : DateTimeOffset.FromUnixTimeSeconds(after).Year;
        var changes = new List<(long At, int Offset)>();
        for (var year = firstYear; year <= lastYear; year++)
        {
            changes.Add((_begins.At(year) - _standard, _daylight));
            changes.Add((_ends.At(year) - _daylight, _standard));
        }

        foreach (var (at, offset) in changes.Where(c => c.At > after).OrderBy(c => c.At))
        {
            starts.Add(at);
            offsets.Add(offset);
        }
    }

    enum DayForm
    {
        WeekdayOfMonth,
        DayWithoutLeapDay,
        DayOfYear,
    }

    sealed record Change(DayForm Form, int Month, int Week, int Day, int Time)
    {
        public static Change Read(Reader reader)
        {
            var (form, month, week, day) = (DayForm.DayOfYear, 0, 0, 0);
            if (reader.TrySkip('M'))
            {
                form = DayForm.WeekdayOfMonth;
                month = reader.Number();
                reader.Skip('.');
                week = reader.Number();
                reader.Skip('.');
            }
            else if (reader.TrySkip('J'))
            {
                form = DayForm.DayWithoutLeapDay;
            }

            day = reader.Number();
            return new Change(form, month, week, day, reader.TrySkip('/') ? reader.Time() : 7200);
        }

        /// <summary>Local seconds since 1970, by the clock that is in force just before the change.</summary>
        public long At(int year)
        {
            var date = Form switch
            {
                DayForm.WeekdayOfMonth => WeekdayOfMonth(year),
                DayForm.DayWithoutLeapDay => new DateTime(year, 1, 1).AddDays(Day - 1 + (DateTime.IsLeapYear(year) && Day >= 60 ? 1 : 0)),
                _ => new DateTime(year, 1, 1).AddDays(Day),
            };
            return (long)(date - DateTime.UnixEpoch).TotalSeconds + Time;
        }

        DateTime WeekdayOfMonth(int year)
        {
            var first = new DateTime(year, Month, 1);
            var date = first.AddDays(((Day - (int)first.DayOfWeek + 7) % 7) + ((Week - 1) * 7));
            // Week 5 means the last one, which may be the fourth.
            return date.Month == Month ? date : date.AddDays(-7);
        }
    }

    sealed class Reader(string text)
    {
        int _at;

        public bool AtEnd => _at >= text.Length;

        public char Next => AtEnd ? '\0' : text[_at];

        public void SkipName()
        {
            if (TrySkip('<'))
            {
                _at = text.IndexOf('>', _at) + 1;
                return;
            }

            while (char.IsAsciiLetter(Next))
                _at++;
        }

        public bool TrySkip(char c)
        {
            if (Next != c)
                return false;
            _at++;
            return true;
        }

        public void Skip(char c)
        {
            if (!TrySkip(c))
                throw new InvalidDataException($"expected '{c}' in the zone rule '{text}'");
        }

        public int Number()
        {
            var from = _at;
            while (char.IsAsciiDigit(Next))
                _at++;
            return int.Parse(text.AsSpan(from, _at - from), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        /// <summary>Hours, minutes and seconds with sign; hours may go far beyond a day.</summary>
        public int Time()
        {
            var sign = TrySkip('-') ? -1 : 1;
            TrySkip('+');
            var seconds = Number() * 3600;
            if (TrySkip(':'))
                seconds += Number() * 60;
            if (TrySkip(':'))
                seconds += Number();
            return sign * seconds;
        }
    }
}
