using System.Diagnostics;
using System.Text;

namespace Maintenance.Schedules.Tests.Import;

/// <summary>Crontabs that nobody should write: read as Debian's own crontab program reads them, and without losing a line.</summary>
public sealed class OddCrontabsTests
{
    static readonly string[] _fields =
    [
        "*", "*", "*", "1", "5", "0", "*/5", "*/0", "*/2x", "60", "1-5", "5-1", "99-3", "5-99", "1.5", "*5", "*x,99", "5/10", "1-5/2", "mon", "MON-fri", "mond", "jan", "Dec", "1,2,", ",1", "1,,2", "007",
        "4294967297", "99999999999", "18446744073709551617", "0~30", "~", "10x", "1L", "-", "-*", "1-", "1-2-3", "?", "#", "*,*", "1;2", "@", "7", "0-7", "sun-sat", "0-0/1", "31-1", "\r", "\f",
    ];

    static readonly string[] _blanks = [" ", " ", " ", "\t", "  ", " \t "];
    static readonly string[] _commands = ["true", "echo %a%b", "echo \\% x", "*", "", " ", "x\r", "a\0b", "a\0* * * * * c", "é", "x # y", new('x', 998), new('x', 999), "A=b"];
    static readonly string[] _names = ["A", "\"A B\"", "'A'", "1A", "A-B", "", "A B", "\"A", "MAILTO", "SHELL", "LOGNAME", "CRON_TZ", "-A", "é"];
    static readonly string[] _values = ["b", "", "\"\"", "''", "\"a b\"", "'a", "a b ", "\"a\"x", "a=b", "# x", "\"a\" ", "$HOME", "a\0b", "b\r", "\"b\"\r", new('y', 1200), "it's"];

    static readonly string[] _others =
    [
        "@daily x", "@daily", "@dailyx y", "@DAILY x", "@reboot x", "@annually\tx", "@every_minute x", "@ daily x", "@", "# comment", "# com\0ment", "# \0* * * * * x", "#", "\t# comment", "", " ", "\t", "\r", "\0", "\0* * * * * x", "=", "= x",
        "\uFEFF* * * * * x", "* * * * *", "* * * *", "# 5 4 * * * off", "* * * * * a\\", "-* * * * * x", "- * * * * * x", "\v", "A = b = c",
    ];

    public static bool HasCrontab => File.Exists("/usr/bin/crontab");

    [Fact(Skip = "needs Debian's crontab, which this machine does not have", SkipUnless = nameof(HasCrontab))]
    public void Where_Debians_crontab_is_installed_odd_files_are_taken_and_refused_as_crontab_does() => Compare(seed: 1, count: 150);

    [Fact(Skip = "needs Debian's crontab, which this machine does not have", SkipUnless = nameof(HasCrontab))]
    [Trait("Category", "Long")]
    public void Where_Debians_crontab_is_installed_many_odd_files_are_taken_and_refused_as_crontab_does() => Compare(Random.Shared.Next(), count: 6_000);

    [Theory]
    [InlineData("* * * * * x\n# no newline", null)]
    [InlineData("* * * * * x\n# a\0b", null)]
    [InlineData("* * * * * x\0 # a\0b", null)]
    [InlineData("# a\060 * * * * x\n", null)]
    [InlineData("* * * * * x\n \t ", null)]
    [InlineData("* * * * * x\nA=b", "Missing newline before EOF")]
    [InlineData("* * * * * x\n60 * * * * x", "Missing newline before EOF")]
    [InlineData("60 * * * * x\n* * * * * x", "bad minute")]
    [InlineData("* * * * * a\0b\n", "bad minute")]
    [InlineData("* * * * * a\0b", "Missing newline before EOF")]
    [InlineData("* * 5/10 * * a\0b", "bad day-of-month")]
    [InlineData("* * * * * a\0* * * * * b\n", null)]
    public void The_end_of_a_line_is_what_cron_takes_for_it(string text, string? refusal) =>
        Assert.Equal(refusal, CrontabFile.Parse(Encoding.Latin1.GetBytes(text), CrontabForm.User).Refusal);

    [Fact]
    public void What_is_behind_a_NUL_is_a_line_of_its_own()
    {
        var file = CrontabFile.Parse("A=b\0* * * * * one %in\0@daily two\n* * * * * three\n"u8, CrontabForm.User);

        Assert.Equal(["1 one  in\n", "1 two ", "2 three "], file.Entries.Select(e => $"{e.Line} {e.Command} {e.Stdin}"));
        Assert.Equal("b", file.Entries[0].Environment["A"]);
    }

    [Fact]
    public void Cron_takes_ten_thousand_lines_and_no_more()
    {
        CrontabFile Of(int count) => CrontabFile.Parse(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("# x\n", count - 1)) + "@daily x\n"), CrontabForm.User);

        Assert.Equal((null, "crontab must not be longer than 10000 lines"), (Of(10_000).Refusal, Of(10_001).Refusal));
        Assert.Single(Of(10_001).Entries);
    }

    [Fact]
    public void Each_line_is_an_entry_an_assignment_a_comment_or_an_error_and_each_entry_is_imported_or_refused()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var text = OddFile(random);
            foreach (var form in Enum.GetValues<CrontabForm>())
            {
                var file = CrontabFile.Parse(Encoding.UTF8.GetBytes(text), form);
                var import = CrontabImport.Of(file, new ImportOrigin("tab", "UTC", null), null, []);

                var told = file.Entries.Select(e => e.Line).Concat(file.Errors.Select(e => e.Line)).ToHashSet();
                var lines = text.Split('\n');
                for (var line = 0; line < lines.Length; line++)
                    Assert.True(told.Contains(line + 1) || lines[line].Trim(' ', '\t') is "" or ['#', ..] || lines[line].Contains('='), $"line {line + 1} is lost: {Readable(text)}");
                Assert.Equal(file.Entries.Count + file.Errors.Count + file.Disabled.Count, import.Imported.Count + import.Refused.Count);
                Assert.All(import.Imported, job => Assert.DoesNotContain('\0', job.JobFiles["run.sh"]));
            }
        }
    }

    [Fact]
    public void A_line_of_a_megabyte_is_read_at_once()
    {
        var long_ = new string('x', 1 << 20);

        Assert.Equal("command too long", Assert.Single(CrontabFile.Parse(Encoding.Latin1.GetBytes($"* * * * * {long_}\n"), CrontabForm.User).Errors).Reason);
        // The name and the equals sign count too.
        Assert.Equal(996, CrontabFile.Parse(Encoding.Latin1.GetBytes($"A={long_}\n@daily x\n"), CrontabForm.User).Entries[0].Environment["A"].Length);
    }

    static void Compare(int seed, int count)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var path = Path.GetTempFileName();
        try
        {
            var differences = new List<string>();
            for (var i = 0; i < count; i++)
            {
                var text = OddFile(random);
                File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
                var (said, file) = (Crontab(path), CrontabFile.Parse(Encoding.UTF8.GetBytes(text), CrontabForm.User));
                if (said != file.Refusal)
                    differences.Add($"crontab says {said ?? "nothing"}, we say {file.Refusal ?? "nothing"}: {Readable(text)}");
            }

            Assert.True(differences.Count == 0, $"seed {seed}: {differences.Count} of {count}:\n{string.Join('\n', differences.Take(10))}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>What Debian's crontab says of a file without taking it: the reason why not, or null.</summary>
    static string? Crontab(string path)
    {
        using var crontab = Process.Start(new ProcessStartInfo("/usr/bin/crontab", ["-n", path]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = crontab.StandardError.ReadToEnd() + crontab.StandardOutput.ReadToEnd();
        crontab.WaitForExit();
        return said switch
        {
            _ when said.Contains("successfully checked", StringComparison.Ordinal) => null,
            _ when said.Contains("missing newline", StringComparison.Ordinal) => "Missing newline before EOF",
            _ => said.Split('\n')[0].Split(": ")[^1],
        };
    }

    static string OddFile(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Line(random)).ToList();
        return string.Join('\n', lines) + (random.Next(5) == 0 ? "" : "\n");
    }

    static string Line(Random random) => random.Next(10) switch
    {
        < 5 => Entry(random),
        < 7 => $"{Pick(random, ["", " ", "\t"])}{Pick(random, _names)}{Pick(random, ["", " ", "\t"])}={Pick(random, ["", " ", "  "])}{Pick(random, _values)}",
        _ => Pick(random, _others),
    };

    static string Entry(Random random)
    {
        // Mostly right, so that a file's verdict does not hang on its first field alone.
        var odd = random.Next(7);
        return $"{Pick(random, ["", "", " ", "\t"])}{string.Concat(Enumerable.Range(0, 5).Select(i => (i == odd ? Pick(random, _fields) : "*") + Pick(random, _blanks)))}{Pick(random, _commands)}";
    }

    static string Pick(Random random, IReadOnlyList<string> of) => of[random.Next(of.Count)];

    static string Readable(string text) => text.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\0", "\\0", StringComparison.Ordinal);
}
