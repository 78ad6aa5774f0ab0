namespace Maintenance.Schedules;

/// <summary>Years from..to in steps; cron has none, calendars may.</summary>
public readonly record struct YearRange(int First, int Last, int Step = 1)
{
    public bool Has(int year) => year >= First && year <= Last && (year - First) % Step == 0;
}

/// <summary>
/// A set of local times given by their fields: what a cron line, a calendar and a systemd expression all come down to. It knows no
/// zone; local times are seconds since 1970 on a clock that never changes.
/// </summary>
public sealed record FieldSet
{
    /// <summary>Answer when no time follows.</summary>
    public const long Never = long.MaxValue;

    /// <summary>Nothing is looked for after this year, as in systemd.</summary>
    public const int LastYear = 2199;

    /// <summary>A Temporal server starts nothing after this year.</summary>
    public const int LastServerYear = 2100;

    static readonly int _epochDay = new DateOnly(1970, 1, 1).DayNumber;
    static readonly int _lastDay = DayNumber(new DateOnly(LastYear, 12, 31));

    public Bits Seconds { get; init; } = Bits.Of(0);
    public Bits Minutes { get; init; } = Bits.Of(0);
    public Bits Hours { get; init; } = Bits.Of(0);

    /// <summary>1 to 31.</summary>
    public Bits Days { get; init; } = AllDays;

    /// <summary>Counted from the end of the month, 1 is the last day; in addition to <see cref="Days"/>.</summary>
    public Bits DaysFromEnd { get; init; }

    /// <summary>1 to 12.</summary>
    public Bits Months { get; init; } = AllMonths;

    /// <summary>0 (Sunday) to 6.</summary>
    public Bits Weekdays { get; init; } = AllWeekdays;

    /// <summary>Empty means every year.</summary>
    public IReadOnlyList<YearRange> Years { get; init; } = [];

    /// <summary>Cron's rule: either day field is enough.</summary>
    public bool EitherDay { get; init; }

    /// <summary>Cron's "wildcard job": keeps its interval when the clock changes, where others keep their local time.</summary>
    public bool Wildcard { get; init; }

    public static Bits AllDays { get; } = Bits.Range(1, 31);
    public static Bits AllMonths { get; } = Bits.Range(1, 12);
    public static Bits AllWeekdays { get; } = Bits.Range(0, 6);
    public static Bits AllHours { get; } = Bits.Range(0, 23);
    public static Bits AllMinutes { get; } = Bits.Range(0, 59);

    public bool EveryDay =>
        Months == AllMonths && Years.Count == 0 && DaysFromEnd.IsEmpty
        && (EitherDay ? Days == AllDays || Weekdays == AllWeekdays : Days == AllDays && Weekdays == AllWeekdays);

    /// <summary>The first local time at or after <paramref name="from"/>, or <see cref="Never"/>.</summary>
    public long Next(long from)
    {
        var day = Math.DivRem(from, 86_400, out var second);
        if (second < 0)
        {
            day--;
            second += 86_400;
        }

        if (day > _lastDay || Seconds.IsEmpty || Minutes.IsEmpty || Hours.IsEmpty)
            return Never;
        if (HasDay(DateOf((int)day)) && NextInDay((int)second) is >= 0 and var time)
            return (day * 86_400) + time;
        var nextDay = NextDay((int)day + 1);
        return nextDay < 0 ? Never : (nextDay * 86_400L) + NextInDay(0);
    }

    public bool Has(long local) => Next(local) == local;

    int NextDay(int day)
    {
        while (day <= _lastDay)
        {
            var date = DateOf(day);
            if (!Months.Has(date.Month) || !HasYear(date.Year))
                day += DateTime.DaysInMonth(date.Year, date.Month) - date.Day + 1;
            else if (HasDay(date))
                return day;
            else
                day++;
        }

        return -1;
    }

    bool HasDay(DateOnly date)
    {
        if (!Months.Has(date.Month) || !HasYear(date.Year))
            return false;
        var day = Days.Has(date.Day)
            || (!DaysFromEnd.IsEmpty && DaysFromEnd.Has(DateTime.DaysInMonth(date.Year, date.Month) - date.Day + 1));
        var weekday = Weekdays.Has((int)date.DayOfWeek);
        return EitherDay ? day || weekday : day && weekday;
    }

    bool HasYear(int year)
    {
        if (Years.Count == 0)
            return true;
        foreach (var range in Years)
        {
            if (range.Has(year))
                return true;
        }

        return false;
    }

    /// <summary>The first time of day at or after this second, or -1.</summary>
    int NextInDay(int from)
    {
        var (hour, minute, second) = (from / 3600, from / 60 % 60, from % 60);
        if (Hours.Has(hour))
        {
            if (Minutes.Has(minute) && Seconds.AtLeast(second) is >= 0 and var s)
                return (hour * 3600) + (minute * 60) + s;
            if (Minutes.AtLeast(minute + 1) is >= 0 and var m)
                return (hour * 3600) + (m * 60) + Seconds.First;
        }

        return Hours.AtLeast(hour + 1) is >= 0 and var h ? (h * 3600) + (Minutes.First * 60) + Seconds.First : -1;
    }

    internal static DateOnly DateOf(int day) => DateOnly.FromDayNumber(day + _epochDay);

    internal static int DayNumber(DateOnly date) => date.DayNumber - _epochDay;
}
