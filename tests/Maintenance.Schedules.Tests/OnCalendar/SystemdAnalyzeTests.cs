using System.Diagnostics;
using System.Globalization;

namespace Maintenance.Schedules.Tests.OnCalendar;

/// <summary>Expressions from all that the language has, put together at random, against the program that systemd has for looking at them.</summary>
public sealed class SystemdAnalyzeTests
{
    const string Program = "/usr/bin/systemd-analyze";

    // It takes a few expressions whose next time it then does not find, around gaps at midnight.
    const string Deadlock = "Resource deadlock avoided";

    static readonly string[] _zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Chatham"];
    static readonly string[] _days = ["", "", "", "Mon ", "Mon..Fri ", "Sat,Sun ", "tue-thu ", "Fri..Mon ", "Wednesday,Mon ", "Sun, "];
    static readonly string[] _words = ["daily", "Weekly", "hourly", "monthly", "quarterly", "semi-annually", "yearly", "minutely", "fortnightly"];

    public static bool IsInstalled => File.Exists(Program);

    [Fact(Skip = "needs systemd-analyze, which this machine does not have", SkipUnless = nameof(IsInstalled))]
    public async Task Where_systemd_analyze_is_installed_a_few_random_expressions_mean_what_systemd_says() => await CompareAsync(seed: 1, count: 60);

    [Fact(Skip = "needs systemd-analyze, which this machine does not have", SkipUnless = nameof(IsInstalled))]
    [Trait("Category", "Long")]
    public async Task Where_systemd_analyze_is_installed_many_random_expressions_mean_what_systemd_says() => await CompareAsync(seed: 2, count: 2_000);

    static async Task CompareAsync(int seed, int count)
    {
        var random = new Random(seed);
        var (differences, taken) = (new List<string>(), 0);
        for (var i = 0; i < count; i++)
        {
            var (text, zone) = (Expression(random), _zones[random.Next(_zones.Length)]);
            // Neither pass of a repeated hour is at this time of day in any of the zones.
            var from = new DateTime(2026, 1, 1, 20, 10, 0, DateTimeKind.Utc).AddDays(random.Next(700)).AddYears(random.Next(5) == 0 ? random.Next(170) : 0);
            var expected = await SystemdAsync(text, zone, from);
            if (expected == Deadlock)
                continue;
            var found = Ours(text, zone, from);
            taken += expected is null ? 0 : 1;
            if (expected != found)
                differences.Add($"'{text}' in {zone} from {from:yyyy-MM-dd'T'HH:mm}Z\n  systemd {expected ?? "refuses"}\n  we      {found ?? "refuse"}");
        }

        Vectors.AssertNone(differences, count);
        Assert.True(taken > count / 3, $"only {taken} of {count} were expressions");
    }

    static string? Ours(string text, string zone, DateTime from)
    {
        if (!OnCalendarExpression.TryParse(text, out var expression, out _))
            return null;
        var after = ((DateTimeOffset)from).ToUnixTimeSeconds();
        return Vectors.Show(expression.ToTiming(Maintenance.Schedules.Zones.Get(zone), DstRules.Auto).After(after)
            .Where(e => e.Kind == TimingEventKind.Due).Take(4).Select(e => e.At));
    }

    /// <summary>Null when it is refused.</summary>
    static async Task<string?> SystemdAsync(string text, string zone, DateTime from)
    {
        var start = new ProcessStartInfo(Program, ["calendar", "--iterations=4", $"--base-time={from:yyyy-MM-dd HH:mm:ss} UTC", text])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["TZ"] = zone;
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            return (await errors).Contains(Deadlock, StringComparison.Ordinal) ? Deadlock : null;
        var lines = output.Split('\n').Select(line => line.Trim()).ToList();
        // Where the zone has no offset (Morocco, once the tables end) there is no second line with the time in UTC.
        string[] marks = lines.Any(line => line.StartsWith("(in UTC):", StringComparison.Ordinal)) ? ["(in UTC):"] : ["Next elapse:", "Iter"];
        var times = lines.Where(line => marks.Any(mark => line.StartsWith(mark, StringComparison.Ordinal)))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words[^1] is "UTC" or "+00")
            .Select(words => $"{words[^3]}T{words[^2]}Z");
        return string.Join(' ', times);
    }

    static string Expression(Random random)
    {
        var zone = random.Next(6) == 0 ? " " + _zones[random.Next(_zones.Length)] : "";
        if (random.Next(8) == 0)
            return _words[random.Next(_words.Length)] + zone;
        var date = random.Next(3) == 0 ? "" : Date(random) + " ";
        var seconds = random.Next(3) == 0 ? ":" + Part(random, 0, 59) : "";
        return $"{_days[random.Next(_days.Length)]}{date}{Part(random, 0, 23)}:{Part(random, 0, 59)}{seconds}{zone}";
    }

    static string Date(Random random)
    {
        var year = random.Next(4) == 0 ? Part(random, 2026, random.Next(3) == 0 ? 2199 : 2030) + "-" : "*-";
        var fromEnd = random.Next(5) == 0;
        return $"{year}{Part(random, 1, 12)}{(fromEnd ? '~' : '-')}{Part(random, 1, fromEnd ? 28 : 31)}";
    }

    static string Part(Random random, int min, int max) => random.Next(7) switch
    {
        0 or 1 => "*",
        2 or 3 => One(random, min, max + 1),
        4 => $"{One(random, min, max)}..{One(random, min, max)}{(random.Next(2) == 0 ? "" : $"/{random.Next(0, 6)}")}",
        5 => $"{One(random, min, max)}/{random.Next(1, 1 + ((max - min) / 2))}",
        _ => $"{One(random, min, max)},{One(random, min, max)}",
    };

    static string One(Random random, int min, int max) =>
        random.Next(min, max + 1).ToString(random.Next(2) == 0 ? "0" : "00", CultureInfo.InvariantCulture);
}
