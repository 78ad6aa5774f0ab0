using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// Cron as a daemon that wakes up each minute and looks at the clock on the wall: a second opinion on when a crontab line is due. It shares
/// no code with the rest: it reads the fields itself, takes the framework's time zones, and walks through the minutes one by one.
/// </summary>
/// <remarks>Rules 1 to 3 and 5 to 6 of tests/vectors/README.md. Lines that this project refuses are not its business.</remarks>
public sealed class MinuteWalk
{
    // Beyond three hours cron takes the clock as set anew.
    const int JumpMax = 180;

    static readonly string[] _months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    static readonly string[] _days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    readonly bool[] _minute;
    readonly bool[] _hour;
    readonly bool[] _day;
    readonly bool[] _month;
    readonly bool[] _weekday;
    readonly bool _bothDays;
    readonly bool _wildcard;

    public MinuteWalk(string line)
    {
        var fields = line switch
        {
            "@yearly" or "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" or "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            _ => line,
        };
        var words = fields.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        _minute = Field(words[0], 0, 59, []);
        _hour = Field(words[1], 0, 23, []);
        _day = Field(words[2], 1, 31, []);
        _month = Field(words[3], 1, 12, _months);
        _weekday = Field(words[4], 0, 7, _days);
        _weekday[0] |= _weekday[7];
        _bothDays = words[2][0] == '*' || words[4][0] == '*';
        _wildcard = words[0][0] == '*' || words[1][0] == '*';
    }

    /// <summary>Minutes at which something starts, after one minute and up to another, each once, in minutes since 1970.</summary>
    public IEnumerable<long> Between(long after, long until, TimeZoneInfo zone)
    {
        var offsets = new Offsets(zone);
        var seen = after + offsets.At(after);
        for (var now = after + 1; now <= until; now++)
        {
            var local = now + offsets.At(now);
            if (Starts(seen, local))
                yield return now;
            // While the clock repeats what it has shown, the last minute that was new stays in mind.
            if (local > seen || local <= seen - JumpMax)
                seen = local;
        }
    }

    bool Starts(long seen, long local)
    {
        if (local == seen + 1 || local > seen + JumpMax + 1 || local <= seen - JumpMax)
            return IsDue(local);
        if (local <= seen)
            return _wildcard && IsDue(local);
        if (!_wildcard)
        {
            for (var lost = seen + 1; lost < local; lost++)
            {
                if (IsDue(lost))
                    return true;
            }
        }

        return IsDue(local);
    }

    bool IsDue(long local)
    {
        // Most minutes end here, so they are looked at before a date is made.
        if (!_minute[local % 60] || !_hour[local / 60 % 24])
            return false;
        var date = DateTime.UnixEpoch.AddMinutes(local);
        var (day, weekday) = (_day[date.Day], _weekday[(int)date.DayOfWeek]);
        return _month[date.Month] && (_bothDays ? day && weekday : day || weekday);
    }

    static bool[] Field(string text, int min, int max, string[] names)
    {
        var allowed = new bool[max + 1];
        foreach (var item in text.Split(','))
        {
            var parts = item.Split('/');
            var step = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
            var ends = parts[0] == "*" ? [min, max] : parts[0].Split('-').Select(Value).ToArray();
            for (var value = ends[0]; value <= ends[^1]; value += step)
                allowed[value] = true;
        }

        return allowed;

        int Value(string word) =>
            Array.IndexOf(names, word.ToLowerInvariant()) is >= 0 and var index
                ? index + min
                : int.Parse(word, CultureInfo.InvariantCulture);
    }

    /// <summary>The framework's offsets in minutes, asked for once an hour as long as the hour has only one.</summary>
    sealed class Offsets(TimeZoneInfo zone)
    {
        long _hour = long.MinValue;
        int? _all;

        public int At(long minute)
        {
            var hour = Math.DivRem(minute, 60).Quotient;
            if (hour != _hour)
            {
                _hour = hour;
                var first = Ask(hour * 60);
                _all = first == Ask((hour * 60) + 59) ? first : null;
            }

            return _all ?? Ask(minute);
        }

        int Ask(long minute) => (int)zone.GetUtcOffset(DateTime.UnixEpoch.AddMinutes(minute)).TotalMinutes;
    }
}
