using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Maintenance.Host.Cli;
using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>When a calendar expression is due, as systemd itself says.</summary>
static partial class SystemdCalendar
{
    const string Program = "/usr/bin/systemd-analyze";

    public static bool IsHere => File.Exists(Program);

    /// <summary>The next times after an instant, in order.</summary>
    /// <param name="timeZone">In which an expression without a zone of its own is meant.</param>
    /// <exception cref="CommandFailure">Systemd does not take the expression.</exception>
    public static IReadOnlyList<DateTimeOffset> After(string expression, string timeZone, DateTimeOffset from, int count)
    {
        var own = OnCalendarExpression.TryParse(expression, out var read, out _) && (read.Zone is not null || read.Instant is not null);
        var start = new ProcessStartInfo(
            Program,
            [
                "calendar", $"--iterations={count}",
                $"--base-time={from.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC",
                own ? expression : $"{expression} {timeZone}",
            ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["TZ"], start.Environment["LC_ALL"]) = ("UTC", "C");
        using var systemd = Process.Start(start) ?? throw new CommandFailure(ExitCode.Internal, $"{Program} could not be started.");
        var errors = systemd.StandardError.ReadToEndAsync();
        var output = systemd.StandardOutput.ReadToEnd();
        systemd.WaitForExit();
        if (systemd.ExitCode != 0)
            throw new CommandFailure(
                ExitCode.Failed, $"systemd-analyze does not take '{expression}': {errors.GetAwaiter().GetResult().Trim()}");
        return [
            .. Time().Matches(output).Select(
                time =>
                    DateTimeOffset.ParseExact(
                        time.Groups[1].Value, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)),
        ];
    }

    [GeneratedRegex(@"(?:Next elapse|Iter\. #\d+): \w+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")]
    private static partial Regex Time();
}
