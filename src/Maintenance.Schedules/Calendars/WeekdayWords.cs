namespace Maintenance.Schedules;

/// <summary>
/// Days of the week as calendars write them: <c>mon</c>, <c>mon-fri</c> as in cron, and <c>2nd tue</c> or <c>last fri</c> of a month.
/// </summary>
static class WeekdayWords
{
    static readonly string[] _ordinals = ["1st", "2nd", "3rd", "4th", "5th"];

    /// <summary>Null when it does not begin with an ordinal and end with a day.</summary>
    public static NthDay? Nth(string text)
    {
        if (text.Split(' ') is not [var ordinal, var day] || CronField.All[4].NumberOf(day) is not (>= 0 and var weekday))
            return null;
        if (ordinal == "last")
            return new NthDay(-1, weekday);
        return Array.IndexOf(_ordinals, ordinal) is >= 0 and var index ? new NthDay(index + 1, weekday) : null;
    }

    public static Bits? Range(string text)
    {
        var errors = new List<TimingError>();
        var days = CronExpression.FoldSunday(new CronFieldReader(CronField.All[4], text, 1, errors).Read());
        return errors.Count == 0 ? days : null;
    }
}
