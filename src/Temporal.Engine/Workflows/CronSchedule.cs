using System.Buffers;
using System.Globalization;

namespace Temporal.Engine;

/// <summary>
/// The cron string of a workflow (not of a schedule): five fields, the <c>@</c> names, <c>@every</c>, and <c>CRON_TZ=</c>.
/// Fields are those of the server's parser: day-of-month and day-of-week are both asked when one of them is <c>*</c>, else either will do.
/// </summary>
sealed class CronSchedule
{
    static readonly Dictionary<string, string> Names = new()
    {
        ["@yearly"] = "0 0 1 1 *", ["@annually"] = "0 0 1 1 *", ["@monthly"] = "0 0 1 * *", ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *", ["@midnight"] = "0 0 * * *", ["@hourly"] = "0 * * * *",
    };

    static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    TimeSpan? _every;
    TimeZoneInfo _zone = TimeZoneInfo.Utc;
    ulong _minutes, _hours, _days, _months, _weekdays;
    bool _anyDay, _anyWeekday;

    /// <summary>Null for a text that is no schedule.</summary>
    public static CronSchedule? Parse(string text)
    {
        var schedule = new CronSchedule();
        text = text.Trim();
        if (text.StartsWith("CRON_TZ=", StringComparison.Ordinal) || text.StartsWith("TZ=", StringComparison.Ordinal))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0
                || !TimeZoneInfo.TryFindSystemTimeZoneById(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..space], out var zone))
                return null;
            schedule._zone = zone;
            text = text[space..].Trim();
        }

        if (text.StartsWith("@every ", StringComparison.Ordinal))
        {
            schedule._every = GoDuration(text["@every ".Length..].Trim());
            return schedule._every is null ? null : schedule;
        }

        var fields = (Names.GetValueOrDefault(text) ?? text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5 && schedule.ReadFields(fields) ? schedule : null;
    }

    bool ReadFields(string[] fields)
    {
        _anyDay = fields[2].StartsWith('*') || fields[2] == "?";
        _anyWeekday = fields[4].StartsWith('*') || fields[4] == "?";
        return Field(fields[0], 0, 59, null, out _minutes) && Field(fields[1], 0, 23, null, out _hours) &&
            Field(fields[2], 1, 31, null, out _days) && Field(fields[3], 1, 12, Months, out _months) &&
            Field(fields[4], 0, 6, Days, out _weekdays);
    }

    static bool Field(string text, int min, int max, string[]? names, out ulong bits)
    {
        bits = 0;
        foreach (var part in text.Split(','))
        {
            var slash = part.Split('/');
            var step = 1;
            if (slash.Length > 2 || (slash.Length == 2 && (!int.TryParse(slash[1], CultureInfo.InvariantCulture, out step) || step < 1)))
                return false;
            int from, to;
            if (slash[0] is "*" or "?")
            {
                (from, to) = (min, max);
            }
            else
            {
                var range = slash[0].Split('-');
                if (range.Length > 2 || !Number(range[0], min, names, out from))
                    return false;
                to = slash.Length == 2 && range.Length == 1 ? max : from;
                if (range.Length == 2 && !Number(range[1], min, names, out to))
                    return false;
            }

            if (from < min || to > max || from > to)
                return false;
            for (var value = from; value <= to; value += step)
                bits |= 1UL << value;
        }

        return bits != 0;
    }

    static bool Number(string text, int min, string[]? names, out int value)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return true;
        var index = names is null ? -1 : Array.IndexOf(names, text.ToLowerInvariant());
        value = index + min;
        return index >= 0;
    }

    static TimeSpan? GoDuration(string text)
    {
        var total = TimeSpan.Zero;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], CultureInfo.InvariantCulture, out var number))
                return null;
            rest = rest[digits..];
            var letters = rest.IndexOfAny(Digits);
            var unit = letters < 0 ? rest : rest[..letters];
            TimeSpan? length = unit switch
            {
                "ms" => TimeSpan.FromMilliseconds(1),
                "s" => TimeSpan.FromSeconds(1),
                "m" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => null,
            };
            if (length is null)
                return null;
            total += length.Value * number;
            rest = rest[unit.Length..];
        }

        // Whole seconds, as the server rounds them, and never less than one.
        return total <= TimeSpan.Zero ? null : TimeSpan.FromSeconds(Math.Max(1, Math.Floor(total.TotalSeconds)));
    }

    /// <summary>
    /// How long to wait from <paramref name="now"/> for the first due time after it, counted from a run's own time; whole seconds.
    /// </summary>
    public TimeSpan? Backoff(DateTime scheduled, DateTime now)
    {
        var next = now < scheduled ? scheduled : Next(scheduled);
        if (_every is { } every && next <= now)
            next += every * (Math.Floor((now - next!.Value) / every) + 1);
        while (next is { } due && due <= now)
            next = Next(due < now - TimeSpan.FromDays(1) ? now : due);
        return next is null ? null : TimeSpan.FromSeconds(Math.Ceiling((next.Value - now).TotalSeconds));
    }

    DateTime? Next(DateTime after)
    {
        if (_every is { } every)
            return new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc) + every;
        var local = TimeZoneInfo.ConvertTimeFromUtc(after, _zone);
        local = new DateTime(local.Ticks - (local.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Unspecified).AddMinutes(1);
        var end = local.AddYears(5);
        while (local < end)
        {
            if (!Has(_months, local.Month))
                local = new DateTime(local.Year, local.Month, 1).AddMonths(1);
            else if (!IsDay(local))
                local = local.Date.AddDays(1);
            else if (!Has(_hours, local.Hour))
                local = local.Date.AddHours(local.Hour + 1);
            else if (!Has(_minutes, local.Minute) || _zone.IsInvalidTime(local))
                local = local.AddMinutes(1);
            else
                return TimeZoneInfo.ConvertTimeToUtc(local, _zone);
        }

        return null;
    }

    bool IsDay(DateTime local)
    {
        var day = Has(_days, local.Day);
        var weekday = Has(_weekdays, (int)local.DayOfWeek);
        return _anyDay || _anyWeekday ? day && weekday : day || weekday;
    }

    static bool Has(ulong bits, int value) => (bits & (1UL << value)) != 0;
}
