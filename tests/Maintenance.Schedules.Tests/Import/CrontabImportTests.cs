using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Maintenance.Schedules.Tests.Import;

public sealed class CrontabImportTests
{
    [Theory]
    [InlineData("/usr/local/sbin/nightly --quiet", "nightly")]
    [InlineData("cd /srv/app && ./bin/report.sh --day 1 >> log 2>&1", "report")]
    [InlineData("(flock -n 9 || exit 1; /srv/app/bin/sync) 9>/tmp/sync.lock", "sync")]
    [InlineData("FOO=bar BAZ=\"a b\" /srv/app/bin/with-env", "with-env")]
    [InlineData("exec nice -n 19 ionice -c3 /srv/app/bin/index", "index")]
    [InlineData("pg_dump orders > /backup/orders.sql", "pg-dump")]
    [InlineData("[ -x /opt/x ]", "x")]
    [InlineData("5", "command")]
    public void A_job_is_named_for_its_program(string command, string name) =>
        Assert.Equal(name, Import($"0 1 * * * {command}\n").Imported[0].Id);

    [Theory]
    [InlineData("-5 3 * * * x", "do not log")]
    [InlineData("~ 3 * * * x", "jitter")]
    [InlineData("5 3 * * * x ~", null)]
    public void What_only_cronie_takes_is_told(string line, string? advice)
    {
        var import = CrontabImport.Of(CrontabFile.Parse(System.Text.Encoding.UTF8.GetBytes(line + "\n"), CrontabForm.User), new ImportOrigin("tab", "UTC", null), null, []);

        Assert.Equal(advice is null, import.Refused.Count == 0);
        if (advice is not null)
            Assert.Contains(advice, import.Refused[0].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_line_is_imported_or_listed_with_the_reason()
    {
        var import = Import("# nightly report\n30 3 * * * report\n0 22-3 * * * late\n@reboot start\n60 * * * * bad\n45 3 * * * report\n");

        Assert.Equal(["2 report", "6 report-2"], import.Imported.Select(i => $"{i.Line} {i.Id}"));
        Assert.Equal([3, 4, 5], import.Refused.Select(r => r.Line));
        Assert.Contains("never ran", import.Refused[0].Reason, StringComparison.Ordinal);
        Assert.Contains("bad minute", import.Refused[2].Reason, StringComparison.Ordinal);
        Assert.Equal("nightly report", JsonNode.Parse(import.Imported[0].EntryJson)!["description"]!.GetValue<string>());
    }

    [Fact]
    public void Imported_entries_are_a_file_without_problems_and_due_when_cron_was()
    {
        var import = Import("*/7 2-4 1,15 * mon a\n30 2 * * * b\n@weekly c\n");
        var read = ScheduleFile.Read($$"""{ "schedules": [ {{string.Join(", ", import.Imported.Select(i => i.EntryJson))}} ] }""", "schedules.json");

        Assert.Empty(read.Problems);
        Assert.Equal(["*/7 2-4 1,15 * mon", "30 2 * * *", "@weekly"], read.Value!.Schedules.Select(s => s.Timings[0].Text));
        Assert.All(read.Value.Schedules, s => Assert.Equal("Europe/Berlin", s.TimeZone.Id));
    }

    [Fact]
    public void What_cannot_be_kept_as_it_was_is_said()
    {
        var file = CrontabFile.Parse("MAILTO=ops@example.org\nCRON_TZ=UTC\n0 1 * * * alice report\n"u8, CrontabForm.System);

        var warnings = CrontabImport.Of(file, new ImportOrigin("/etc/crontab", "Europe/Berlin"), null, []).Imported[0].Warnings;

        Assert.Equal(3, warnings.Count);
        Assert.Contains(warnings, w => w.Contains("'alice'", StringComparison.Ordinal));
    }

    [Fact]
    public void The_script_gives_the_command_what_cron_gave_it()
    {
        const string crontab = "GREETING=it's \"here\" $HOME\n0 1 * * * printf '\\%s|' \"$GREETING\" \"$PATH\"; cat%one%END%two 100\\%\n";
        var script = Import(crontab).Imported[0].JobFiles["run.sh"];
        var file = Path.Combine(Directory.CreateTempSubdirectory("import-").FullName, "run.sh");
        File.WriteAllText(file, script);

        var start = new ProcessStartInfo("/bin/sh", [file]) { RedirectStandardOutput = true };
        start.Environment["HOME"] = "/tmp";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal("it's \"here\" $HOME|/usr/bin:/bin|one\nEND\ntwo 100%\n", output);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    static ImportedLines Import(string crontab) =>
        CrontabImport.Of(CrontabFile.Parse(Encoding.UTF8.GetBytes(crontab), CrontabForm.User), new ImportOrigin("crontab", "Europe/Berlin"), null, []);
}
