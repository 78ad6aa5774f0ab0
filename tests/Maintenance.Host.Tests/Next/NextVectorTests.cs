using System.Globalization;
using System.Text.Json;
using Maintenance.Host.Cli;

namespace Maintenance.Host.Tests.Next;

/// <summary><c>maintenance next</c> against everything that is recorded about due times, as somebody would type it.</summary>
public sealed class NextVectorTests
{
    static readonly string Folder = Path.Combine(Repository(), "tests", "vectors");

    // Taken by Debian's cron and read as something else than they look like, or no time at all.
    static readonly string[] Misread =
    [
        "1.5 * * * *", "1;2 * * * *", "1:2 * * * *", "5-1 * * * *", "0 22-3 * * *", "0 0 28-3 * *", "0 0 * nov-feb *", "0 0 * * fri-mon",
        "0 0 * * sat-mon", "0 0 * * mon-sun", "0 0 * * 5-sun", "*/5-10 * * * *", "5-10-20 * * * *", "0 0-23/2.5 * * *", "*5 * * * *",
        "**/5 * * * *", "* * * * *2", "0 0 * * 5#2", "0 0 * * mon#1", "0~30 * * * *", "0 1~3 * * *", "@reboot",
    ];

    /// <summary>
    /// Of many rows every fifth, as a command: the due times of all of them are held in the tests of Maintenance.Schedules. With <c>./test --full</c> all.
    /// </summary>
    static IEnumerable<JsonElement> Share(List<JsonElement> cases) =>
        Environment.GetEnvironmentVariable("MAINTENANCE_TEST_FULL") == "true" ? cases : cases.Where((_, i) => i % 5 == 0);

    [Theory]
    [InlineData("due-times.json", 1000)]
    [InlineData("dst-times.json", 300)]
    public async Task Due_times_of_cron_lines(string file, int rows)
    {
        var differences = new List<string>();
        var cases = Cases(file);
        foreach (var row in Share(cases))
        {
            var due = Instants(row, "due");
            await CompareAsync(due, due.Count, differences, _ => true, "--cron", Text(row, "expr"), "--time-zone", Text(row, "zone"), "--from", Text(row, "start"));
        }

        AssertNone(differences, rows, cases.Count);
    }

    [Theory]
    [InlineData("cron-dst.json", 410)]
    [InlineData("cron-zone-changes.json", 25)]
    public async Task Starts_around_a_change_of_the_clock_to_the_letter_of_cron(string file, int rows)
    {
        var differences = new List<string>();
        var cases = Cases(file).Where(row => !row.TryGetProperty("daemon", out var daemon) || daemon.GetString() == "debian").ToList();
        foreach (var row in Share(cases))
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(Text(row, "zone"));
            var (from, to) = (Utc(Text(row, "from"), zone), Utc(Text(row, "to"), zone));
            // The recording's last minute is in some rows and not in others.
            var starts = Instants(row, "fires").Where(time => time < to).ToList();
            await CompareAsync(
                starts, starts.Count + 1, differences, time => time < to,
                "--cron", Text(row, "line"), "--time-zone", zone.Id, "--from", from.ToString("O", CultureInfo.InvariantCulture), "--missing", "each");
        }

        AssertNone(differences, rows, cases.Count);
    }

    /// <summary>Debian's cron does not know CRON_TZ: the daemon's own zone counts.</summary>
    [Fact]
    public async Task Starts_of_lines_behind_a_time_zone_that_the_daemon_ignores()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var differences = new List<string>();
        var cases = Cases("cron-tz.json").Where(row => Text(row, "daemon") == "debian").ToList();
        foreach (var row in cases)
        {
            var spring = Text(row, "transition") == "spring";
            var (from, to) = (Utc(spring ? "2026-03-28T22:00" : "2026-10-24T22:00", berlin), Utc(spring ? "2026-03-29T06:00" : "2026-10-25T06:00", berlin));
            var starts = Instants(row, "fires");
            await CompareAsync(
                starts, starts.Count + 1, differences, time => time < to,
                "--cron", Text(row, "line"), "--time-zone", Text(row, "daemonZone"), "--from", from.AddSeconds(-1).ToString("O", CultureInfo.InvariantCulture), "--missing", "each");
        }

        AssertNone(differences, 48, cases.Count);
    }

    [Fact]
    public async Task Forms_of_cron_lines_taken_or_refused()
    {
        var differences = new List<string>();
        var cases = Cases("cron-syntax.json");
        foreach (var row in cases)
        {
            var line = Text(row, "line");
            var debian = row.TryGetProperty("both", out var both) ? both : row.GetProperty("debian");
            if (debian.TryGetProperty("accepted", out _) && !Misread.Contains(line))
            {
                var starts = Instants(debian, "fires");
                await CompareAsync(starts, Math.Max(1, starts.Count), differences, _ => starts.Count > 0, "--cron", line, "--from", "2026-05-31T12:00Z");
            }
            else
            {
                await RefusedAsync(differences, "--cron", line);
            }
        }

        AssertNone(differences, 115, cases.Count);
    }

    [Fact]
    public async Task Systemd_expressions_taken_or_refused()
    {
        var differences = new List<string>();
        var cases = Cases("oncalendar-times.json");
        foreach (var row in cases)
        {
            if (row.TryGetProperty("error", out _))
                await RefusedAsync(differences, "--on-calendar", Text(row, "expression"), "--time-zone", Text(row, "zone"));
            else
                await CompareAsync(
                    Instants(row, "times"), 10, differences, _ => true, "--on-calendar", Text(row, "expression"), "--time-zone", Text(row, "zone"), "--from", Text(row, "base"));
        }

        AssertNone(differences, 162, cases.Count);
    }

    /// <param name="recorded">Whether the recording would have the time if it were due.</param>
    static async Task CompareAsync(
        IReadOnlyList<DateTimeOffset> expected, int count, List<string> differences, Func<DateTimeOffset, bool> recorded, params string[] arguments)
    {
        var said = await NextCall.RunAsync([.. arguments, "-n", $"{count}", "--json"]);
        var found = said.ExitCode == ExitCode.Ok ? said.Times.Where(recorded).ToList() : [];
        if (said.ExitCode != ExitCode.Ok || !expected.SequenceEqual(found))
            differences.Add($"{string.Join(' ', arguments)}\n  expected {Show(expected)}\n  found    {Show(found)} {said.Errors}");
    }

    static async Task RefusedAsync(List<string> differences, params string[] arguments)
    {
        var said = await NextCall.RunAsync([.. arguments, "--json"]);
        if (said.ExitCode != ExitCode.Failed || !said.Output.Contains("\"column\": ", StringComparison.Ordinal) || !said.Errors.Contains("column ", StringComparison.Ordinal))
            differences.Add($"{string.Join(' ', arguments)}: exit code {said.ExitCode}, {said.Output} {said.Errors}");
    }

    static List<JsonElement> Cases(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(row => row.Clone())];
    }

    static void AssertNone(List<string> differences, int rows, int found)
    {
        Assert.Equal(rows, found);
        Assert.True(differences.Count == 0, $"{differences.Count} of {rows} rows differ:\n{string.Join("\n", differences.Take(20))}");
    }

    static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    static List<DateTimeOffset> Instants(JsonElement row, string name) =>
        [.. row.GetProperty(name).EnumerateArray().Select(time => DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture))];

    static DateTimeOffset Utc(string local, TimeZoneInfo zone)
    {
        var time = DateTime.Parse(local, CultureInfo.InvariantCulture);
        return new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime();
    }

    static string Show(IEnumerable<DateTimeOffset> times) => string.Join(' ', times.Select(time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)));

    static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Maintenance.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
