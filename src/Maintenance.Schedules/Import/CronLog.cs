using System.Globalization;
using System.Text.RegularExpressions;

namespace Maintenance.Schedules;

/// <summary>A start that cron wrote into its log.</summary>
/// <param name="Command">As the shell got it: up to the first <c>%</c>.</param>
public sealed record CronStart(DateTimeOffset At, string User, string Command);

/// <summary>What cron's log (syslog, or <c>journalctl -t CRON</c>) says was started.</summary>
public static partial class CronLog
{
    static readonly string[] _syslogTimes = ["MMM d HH:mm:ss"];

    /// <param name="zone">Of the machine: syslog's old form of a time has none.</param>
    /// <param name="now">That form has no year either; it is the last one that is not in the future.</param>
    /// <param name="after">The start that was read last, where the log is read in pieces: of a local time that comes twice it tells which
    /// one is meant.</param>
    public static IReadOnlyList<CronStart> Read(IEnumerable<string> lines, Zone zone, DateTimeOffset now, DateTimeOffset? after = null)
    {
        var starts = new List<CronStart>();
        var last = after?.ToUnixTimeSeconds() ?? long.MinValue;
        foreach (var line in lines)
        {
            if (Start().Match(line) is not { Success: true } start || Instant(start.Groups["time"].Value, zone, now, last) is not { } at)
                continue;
            last = at;
            starts.Add(new CronStart(
                DateTimeOffset.FromUnixTimeSeconds(at), start.Groups["user"].Value,
                CrontabLine.Split(start.Groups["command"].Value).Command.Trim(' ', '\t')));
        }

        return starts;
    }

    static long? Instant(string text, Zone zone, DateTimeOffset now, long last)
    {
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var full)
            && char.IsAsciiDigit(text[0]))
            return full.ToUnixTimeSeconds();
        // Read in a leap year, so that 29 February is a date.
        var words = string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (!DateTime.TryParseExact(
            $"2024 {words}", _syslogTimes.Select(form => $"yyyy {form}").ToArray(), CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var day))
            return null;
        foreach (var year in new[] { now.Year + 1, now.Year, now.Year - 1 })
        {
            if (day is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year))
                continue;
            var local = (long)(new DateTime(year, day.Month, day.Day, day.Hour, day.Minute, day.Second) - DateTime.UnixEpoch).TotalSeconds;
            if (Resolve(local, zone, last) is { } at && at <= now.ToUnixTimeSeconds() + 60)
                return at;
        }

        return null;
    }

    /// <summary>A local time that comes twice is the first one, unless the log was already beyond it.</summary>
    static long? Resolve(long local, Zone zone, long last)
    {
        var found = new[] { local - zone.OffsetAt(local - 86_400), local - zone.OffsetAt(local + 86_400) }.Distinct()
            .Where(at => zone.OffsetAt(at) == local - at).Order().ToList();
        return found.Count == 0 ? null : found.Find(at => at >= last) is > 0 and var next ? next : found[^1];
    }

    [GeneratedRegex(
        @"^(?<time>[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ (?:/usr/sbin/)?(?:CRON|CROND|cron|crond)\[\d+\]: \((?<user>[^)]+)\) CMD \((?<command>.*)\)\s*$")]
    private static partial Regex Start();
}
