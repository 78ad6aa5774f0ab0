using System.Runtime.CompilerServices;

namespace Maintenance.Schedules.Tests.Import;

/// <summary>Imported lines are due when cron would have started them: the engine's due times against a walk through all the minutes.</summary>
public sealed class ImportProofTests
{
    static readonly DateTimeOffset _from = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] _zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];

    [Fact]
    public void The_recorded_lines_are_due_as_cron_starts_them() => Prove(count: 300, ["Europe/Berlin"], _from.AddYears(2));

    [Fact]
    [Trait("Category", "Long")]
    public void The_next_ten_thousand_due_times_of_all_recorded_lines_are_as_cron_starts_them() => Prove(count: 10_000, _zones, null);

    /// <summary>Zones whose clock changes by half an hour or two hours, at midnight, several times a year, or loses a day.</summary>
    static readonly string[] _oddZones =
    [
        "Australia/Lord_Howe", "Antarctica/Troll", "Africa/Casablanca", "Africa/Cairo", "America/Havana", "America/Santiago", "America/St_Johns",
        "Asia/Beirut", "Asia/Tehran", "Asia/Gaza", "Atlantic/Azores", "Europe/Dublin", "Europe/Istanbul", "Pacific/Apia", "Pacific/Chatham",
        "Asia/Pyongyang", "America/Caracas", "Europe/Volgograd", "America/Asuncion", "Pacific/Norfolk", "America/Nuuk",
    ];

    [Fact]
    public void Random_lines_around_odd_clock_changes_are_due_as_cron_starts_them() => ProveRandom(new Random(6), 300);

    [Fact]
    [Trait("Category", "Long")]
    public void Many_random_lines_around_odd_clock_changes_are_due_as_cron_starts_them()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        ProveRandom(new Random(seed), 40_000);
    }

    [Theory]
    [InlineData("30 2 * * *", "31 2 * * *")]
    [InlineData("0 0 1 * 1", "0 0 1 * *")]
    [InlineData("*/15 2 * * *", "0-59/15 2 * * *")]
    public void A_schedule_that_means_something_else_is_found(string schedule, string line) =>
        Assert.NotNull(ImportProof.Of(Schedule(schedule, "Europe/Berlin"), line, _from, 500).Difference);

    [Fact]
    public void Times_of_somebody_else_are_compared_one_by_one()
    {
        var schedule = BareTiming.Read("onCalendar", "*-*-* 02:30", "Europe/Berlin").Value!;
        var times = Maintenance.Schedules.DueTimes.After(schedule, _from).Select(d => d.Due).Take(50).ToList();

        Assert.Equal((50, (string?)null), ImportProof.Against(schedule, times) is var same ? (same.Compared, same.Difference) : default);
        Assert.Contains("the schedule at", ImportProof.Against(schedule, [.. times[..9], times[9].AddMinutes(30), .. times[10..]]).Difference, StringComparison.Ordinal);
        Assert.Contains("2026-03-29", ImportProof.Against(schedule, [.. times, times[^1].AddDays(1), new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero)]).Difference, StringComparison.Ordinal);
    }

    // The walk itself, held against the daemon: the nights of the clock changes, as recorded.
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T12:00Z", "2026-03-29T01:00Z 2026-03-30T00:30Z")]
    [InlineData("*/15 2 * * *", "2026-03-28T12:00Z", "2026-03-30T00:00Z 2026-03-30T00:15Z")]
    [InlineData("30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z")]
    [InlineData("30 */2 * * *", "2026-10-24T23:00Z", "2026-10-25T00:30Z 2026-10-25T01:30Z")]
    public void The_walk_knows_the_clock_changes(string line, string from, string expected)
    {
        var after = Vectors.Instant(from) / 60;
        var found = new MinuteWalk(line).Between(after, after + 5_000, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Take(2);

        Assert.Equal(expected, string.Join(' ', found.Select(m => DateTimeOffset.UnixEpoch.AddMinutes(m).ToString("yyyy-MM-dd'T'HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture))));
    }

    static void Prove(int count, IReadOnlyList<string> zones, DateTimeOffset? end)
    {
        var lines = Lines();
        var cases = (from zone in zones from line in lines select (zone, line)).ToList();
        var differences = cases.AsParallel().Select(c => (c, Proof: ImportProof.Of(Schedule(c.line, c.zone), c.line, _from, count, end)))
            .Where(c => c.Proof.Difference is not null).Select(c => $"{c.c.line} in {c.c.zone}: {c.Proof.Difference}").ToList();

        Vectors.AssertNone(differences, cases.Count);
        Assert.True(lines.Count > 40);
    }

    static void ProveRandom(Random random, int count)
    {
        var cases = Enumerable.Range(0, count).Select(_ =>
        {
            var zone = Maintenance.Schedules.Zones.Get(_oddZones[random.Next(_oddZones.Length)]);
            var changes = zone.Periods(Vectors.Instant("2008-01-01T00:00Z"), Vectors.Instant("2037-01-01T00:00Z")).Skip(1).ToList();
            var change = changes[random.Next(changes.Count)];
            return (Zone: zone.Id, Line: Line(random, change), From: DateTimeOffset.FromUnixTimeSeconds((change.Start - random.Next(2 * 86_400)) / 60 * 60));
        }).ToList();
        var differences = cases.AsParallel().Select(c => (c, Proof: ImportProof.Of(Schedule(c.Line, c.Zone), c.Line, c.From, 200, c.From.AddDays(20))))
            .Where(c => c.Proof.Difference is not null).Select(c => $"{c.c.Line} in {c.c.Zone} from {c.c.From:O}: {c.Proof.Difference}").ToList();

        Vectors.AssertNone(differences, cases.Count);
    }

    /// <summary>Mostly about the hours that are skipped or repeated.</summary>
    static string Line(Random random, ZonePeriod change)
    {
        var hour = (int)((((change.Start + Math.Min(change.Offset, change.OffsetBefore)) / 3600 % 24) + 24) % 24);
        var hours = random.Next(8) switch
        {
            0 => "*",
            1 => $"*/{random.Next(1, 6)}",
            2 => $"{Math.Max(0, hour - 1)}-{Math.Min(23, hour + 2)}",
            3 => "0-23",
            4 => $"{(hour + 1) % 24},{hour}",
            _ => $"{(hour + random.Next(-1, 3) + 24) % 24}",
        };
        var minutes = random.Next(7) switch
        {
            0 => "*",
            1 => $"*/{random.Next(1, 60)}",
            2 => "0,15,30,45",
            3 => $"{random.Next(0, 30)}-{random.Next(30, 60)}/{random.Next(1, 20)}",
            4 => "0",
            _ => $"{random.Next(60)}",
        };
        var days = random.Next(5) switch
        {
            0 => "*/2 * *",
            1 => "* * sat,sun",
            2 => "1-31 * mon-fri",
            3 => "*/3 * */2",
            _ => "* * *",
        };
        return $"{minutes} {hours} {days}";
    }

    /// <summary>Every different line of the recorded crontabs that is imported.</summary>
    static List<string> Lines([CallerFilePath] string here = "") =>
        [.. Directory.GetFiles(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "vectors", "crontabs"), "*.crontab")
            .SelectMany(file => CrontabFile.Parse(File.ReadAllBytes(file), File.ReadAllText(Path.ChangeExtension(file, ".expected.json")).Contains("\"system\"", StringComparison.Ordinal) ? CrontabForm.System : CrontabForm.User).Entries)
            .Select(entry => entry.Schedule).Where(text => CronExpression.TryParse(text, out _, out _)).Distinct(StringComparer.Ordinal)];

    static Schedule Schedule(string line, string zone) => BareTiming.Read("cron", line, zone).Value!;
}
