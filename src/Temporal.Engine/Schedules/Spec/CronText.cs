using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Schedules;

/// <summary>What one cron string means: a calendar or an interval, and the zone it names.</summary>
sealed record CronText(CalendarSpec? Calendar, IntervalSpec? Interval, string Zone)
{
    public static CronText Read(string text)
    {
        text = text.Trim();
        var zone = "";
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            var space = text.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0)
                throw new InvalidSpecException("CronString has time zone but missing fields");
            zone = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..space];
            text = text[(space + 1)..];
        }

        var comment = "";
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            comment = text[(hash + 1)..].Trim();
            text = text[..hash];
        }

        text = text.Trim();
        // An interval knows no zone: whatever stood before it is dropped.
        return text.StartsWith("@every", StringComparison.Ordinal)
            ? new(null, ReadInterval(text), "")
            : new(ReadFields(Expand(text), comment), null, zone);
    }

    static string Expand(string text) => text switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => text,
    };

    static CalendarSpec ReadFields(string text, string comment)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is < 5 or > 7)
            throw new InvalidSpecException("CronString does not have 5-7 fields");
        // Seconds come first and only with seven fields; the year comes last with six or seven.
        var first = fields.Length == 7 ? 1 : 0;
        return new()
        {
            Second = first == 1 ? fields[0] : "",
            Minute = fields[first],
            Hour = fields[first + 1],
            DayOfMonth = fields[first + 2],
            Month = fields[first + 3],
            DayOfWeek = fields[first + 4],
            Year = fields.Length > 5 ? fields[^1] : "",
            Comment = comment,
        };
    }

    // @every INTERVAL or @every INTERVAL/PHASE
    static IntervalSpec ReadInterval(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0)
            throw new InvalidSpecException("CronString does not have interval after @every");
        var parts = text[(space + 1)..].Split('/', 2);
        var spec = new IntervalSpec { Interval = GoDuration.ToProto(Duration(parts[0])) };
        if (parts.Length == 2 && parts[1].Length > 0)
            spec.Phase = GoDuration.ToProto(Duration(parts[1]));
        return spec;
    }

    static long Duration(string text)
    {
        var (nanos, error) = GoDuration.Parse(text);
        return error is null ? nanos : throw new InvalidSpecException(error);
    }
}
