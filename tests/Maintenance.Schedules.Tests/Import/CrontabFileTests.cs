using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Maintenance.Schedules.Tests.Import;

/// <summary>The recorded crontab files: what the real daemon made of each line.</summary>
public sealed class CrontabFileTests
{
    static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(Folder(), "*.crontab").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => !n.StartsWith("anacron", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_read_line_by_line_as_cron_reads_it(string name)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".expected.json")));
        var root = expected.RootElement;
        var form = root.GetProperty("form").GetString() == "system" ? CrontabForm.System : CrontabForm.User;

        var file = CrontabFile.Parse(File.ReadAllBytes(Path.Combine(Folder(), name + ".crontab")), form);

        Assert.Equal(Lines(root, "entries", Expected), file.Entries.Select(Found));
        Assert.Equal(Lines(root, "errors", e => $"{e.GetProperty("line")} {e.Text("reason")}"), file.Errors.Select(e => $"{e.Line} {e.Reason}"));
        Assert.Equal(root.GetProperty("loads").GetBoolean(), file.Loads);
        Assert.Equal(root.TryGetProperty("refusal", out var refusal) ? refusal.GetString() : null, file.Refusal);
        if (root.TryGetProperty("disabled", out _))
            Assert.Equal(Lines(root, "disabled", d => $"{d.GetProperty("line")} {d.Text("schedule")} {d.Text("command")}"), file.Disabled.Select(d => $"{d.Line} {d.Schedule} {d.Command}"));
    }

    [Fact]
    public void The_corpus_is_complete() => Assert.Equal(31, Files().Count);

    [Fact]
    public void An_anacron_table_is_read()
    {
        var file = AnacrontabFile.Parse(File.ReadAllBytes(Path.Combine(Folder(), "anacrontab-debian.crontab")));

        Assert.Empty(file.Errors);
        Assert.Equal(["7 1 5 cron.daily", "8 7 10 cron.weekly", "9 @monthly 15 cron.monthly"], file.Jobs.Select(j => $"{j.Line} {j.Period} {j.DelayMinutes} {j.Id}"));
        Assert.Equal("run-parts --report /etc/cron.daily", file.Jobs[0].Command);
        Assert.Equal("/root", file.Jobs[0].Environment["HOME"]);
    }

    // As anacron -T of Debian 12 takes and refuses each.
    [Theory]
    [InlineData("@yearly 5 a cmd", true)]
    [InlineData("@monthlyx 5 a cmd", true)]
    [InlineData("@daily 5 a cmd", false)]
    [InlineData("@weekly 5 a cmd", false)]
    [InlineData("1 5 a/b cmd", false)]
    [InlineData("1 5 a", false)]
    [InlineData("1 -5 a cmd", false)]
    [InlineData(" 1 5 a x=y", true)]
    [InlineData("A B=c", false)]
    public void An_anacron_line_is_taken_or_refused(string line, bool taken)
    {
        var file = AnacrontabFile.Parse(Encoding.UTF8.GetBytes(line + "\n"));

        Assert.Equal((taken ? 1 : 0, taken ? 0 : 1), (file.Jobs.Count, file.Errors.Count));
    }

    [Theory]
    [InlineData("0 1 * * * root\n", "bad command", "bad command")]
    [InlineData("0 1 * * * root\n0 2 * * * root true\n", "bad command", "bad username")]
    [InlineData("0 1 * * * /usr/local/sbin/nightly --quiet\n", "bad username", "bad username")]
    public void A_forgotten_user_is_found(string text, string reason, string refusal)
    {
        var file = CrontabFile.Parse(Encoding.UTF8.GetBytes(text), CrontabForm.System);

        Assert.Equal((reason, refusal), (Assert.Single(file.Errors).Reason, file.Refusal));
    }

    [Fact]
    public void The_comment_above_a_line_goes_with_it()
    {
        var file = CrontabFile.Parse("# nightly\n# report\n0 1 * * * report\n\n# alone\n\n0 2 * * * other\n"u8, CrontabForm.User);

        Assert.Equal(["nightly report", null], file.Entries.Select(e => e.Comment));
    }

    static IEnumerable<string> Lines(JsonElement root, string name, Func<JsonElement, string> text) => root.GetProperty(name).EnumerateArray().Select(text);

    static string Expected(JsonElement e) =>
        $"{e.GetProperty("line")} [{e.Text("schedule")}] {e.Text("shell")} {JsonSerializer.Serialize(e.Text("command"), _plain)} {JsonSerializer.Serialize(e.Text("stdin"), _plain)} {Environment(e.GetProperty("environment").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!))}";

    static string Found(CrontabEntry e) =>
        $"{e.Line} [{e.Schedule}] {e.Shell} {JsonSerializer.Serialize(e.Command, _plain)} {JsonSerializer.Serialize(e.Stdin, _plain)} {Environment(e.Environment)}";

    static string Environment(IReadOnlyDictionary<string, string> variables) =>
        string.Join(";", variables.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}"));

    static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "vectors", "crontabs");
}
