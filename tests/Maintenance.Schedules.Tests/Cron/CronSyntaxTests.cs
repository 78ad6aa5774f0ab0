using System.Text.Json;

namespace Maintenance.Schedules.Tests.Cron;

public sealed class CronSyntaxTests
{
    // Lines that Debian's cron takes and reads as something else than they look like; all of them are refused here.
    static readonly string[] _misread =
    [
        "1.5 * * * *", "1;2 * * * *", "1:2 * * * *", "5-1 * * * *", "0 22-3 * * *", "0 0 28-3 * *", "0 0 * nov-feb *", "0 0 * * fri-mon",
        "0 0 * * sat-mon", "0 0 * * mon-sun", "0 0 * * 5-sun", "*/5-10 * * * *", "5-10-20 * * * *", "0 0-23/2.5 * * *", "*5 * * * *",
        "**/5 * * * *", "* * * * *2", "0 0 * * 5#2", "0 0 * * mon#1", "0~30 * * * *", "0 1~3 * * *", "@reboot",
    ];

    [Fact]
    public void Every_recorded_form_is_read_as_cron_reads_it_or_refused()
    {
        var cases = Vectors.Cases("cron-syntax.json");
        var differences = cases.Select(Difference).OfType<string>().ToList();

        Assert.Equal(115, cases.Count);
        Vectors.AssertNone(differences, cases.Count);
    }

    static string? Difference(JsonElement row)
    {
        var line = row.Text("line");
        var debian = row.TryGetProperty("both", out var both) ? both : row.GetProperty("debian");
        var wanted = debian.TryGetProperty("accepted", out _) && !_misread.Contains(line);
        if (CronExpression.TryParse(line, out var cron, out var errors) != wanted)
            return $"{line}: {(wanted ? "must be taken, but " + errors[0].Message : "must be refused")}";
        if (!wanted)
            return errors.All(e => e.Message.Length > 0 && e.Fix.Length > 0 && e.Column >= 1 && e.Column <= line.Length) ? null : $"{line}: no advice or no place";

        var expected = debian.GetProperty("fires").EnumerateArray().Select(f => Vectors.Instant(f.GetString()!)).ToList();
        var found = ZonedTimes.After(cron!.Fields, Zone.Utc, DstRules.Auto, Vectors.Instant("2026-05-31T12:00Z")).Select(e => e.At).Take(expected.Count).ToList();
        return expected.SequenceEqual(found) ? null : $"{line}\n  expected {Vectors.Show(expected)}\n  found    {Vectors.Show(found)}";
    }

    [Theory]
    [InlineData("0 0 * * 5#2", 9, "runs every week on 5", "\"dayOfMonth\": \"8-14\"")]
    [InlineData("0 22-3 * * *", 3, "never ran", "22-23,0-3")]
    [InlineData("0 0 * * fri-mon", 9, "never ran", "5-6,0-1")]
    [InlineData("0 0 * * mon-sun", 9, "never ran", "mon-7")]
    [InlineData("0 0 * * 6-1", 9, "never ran", "6,0-1")]
    [InlineData("0 0 * * 7-2", 9, "never ran", "Write 0-2.")]
    [InlineData("0 0 * * 7-0", 9, "never ran", "Write 0.")]
    [InlineData("@every 5m", 1, "does not know", "\"every\": \"5m\"")]
    [InlineData("CRON_TZ=Asia/Tokyo 30 2 * * *", 1, "ignores CRON_TZ", "\"timeZone\": \"Asia/Tokyo\"")]
    [InlineData("1.5 * * * *", 2, "runs as '1'", "Write 1")]
    [InlineData("0 0 L * *", 5, "no part of cron", "\"last\"")]
    [InlineData("0 0 ? * 1", 5, "does not know '?'", "*")]
    [InlineData("0 30 2 * * *", 12, "five fields", "every")]
    [InlineData("5/10 * * * *", 1, "needs a star or a range", "5-59/10")]
    [InlineData("@Daily", 1, "lower case", "@daily")]
    [InlineData("@reboot", 1, "no time", "service manager")]
    [InlineData("0 0 * * monday", 9, "three letters", "mon")]
    [InlineData("30 3 * * * /usr/local/bin/backup", 12, "after the five", "script")]
    [InlineData("*/15-30 * * * *", 1, "runs as '*/15'", "*/15")]
    [InlineData("60 * * * *", 1, "out of range", "0 to 59")]
    public void A_refused_line_says_where_what_cron_did_and_what_to_write(string line, int column, string message, string fix)
    {
        Assert.False(CronExpression.TryParse(line, out _, out var errors));

        var error = Assert.Single(errors);
        Assert.Equal(column, error.Column);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(fix, error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void All_bad_fields_are_reported_at_once()
    {
        Assert.False(CronExpression.TryParse("60 24 * foo 8,9", out _, out var errors));

        Assert.Equal([1, 4, 9, 13, 15], errors.Select(e => e.Column));
    }
}
