using System.Diagnostics;
using System.Globalization;
using Maintenance.Host.Cli;
using Maintenance.Host.Importing;

namespace Maintenance.Host.Tests.Import;

/// <summary><c>import --write</c> into the files of an installation, in a folder of its own.</summary>
public sealed class ImportWriteTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_recorded_files_become_an_installation_without_problems_and_twice_is_once()
    {
        var user = Vectors("crontabs/*.crontab").Where(f => !File.ReadAllText(f.Replace(".crontab", ".expected.json", StringComparison.Ordinal)).Contains("\"system\"", StringComparison.Ordinal));
        string[] files = [.. user, .. Vectors("timers/*.timer")];

        var (first, ids, _) = await SayAsync(["import", "--write", .. files]);
        var (validated, _, problems) = await SayAsync(["validate"]);
        var written = await File.ReadAllTextAsync(At("schedules.json"), TestContext.Current.CancellationToken);
        var (_, again, said) = await SayAsync(["import", "--write", .. files]);

        Assert.Equal(ExitCode.Failed, first);
        Assert.True(validated == ExitCode.Ok, problems);
        Assert.True(ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length > 70, ids);
        Assert.Empty(again);
        Assert.Contains("imported before, as nightly-backup", said, StringComparison.Ordinal);
        Assert.Equal(written, await File.ReadAllTextAsync(At("schedules.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_machine_comes_in_one_go_and_what_cron_never_ran_is_told()
    {
        Write("web/etc/crontab", "17 * * * * root run-parts /etc/cron.hourly\n# rotate\n5 4 * * * www-data /srv/rotate\n");
        Write("web/etc/cron.d/backup", "0 1 * * * backup /usr/local/bin/dump\n");
        Write("web/etc/cron.d/old.bak", "0 1 * * * backup /usr/local/bin/dump\n");
        Write("web/etc/anacrontab", "7 10 weekly.report /usr/local/bin/report\n");
        Write("web/var/spool/cron/crontabs/deploy", "*/5 * * * * /srv/poll\n@reboot /srv/start\n");
        Write("web/etc/cron.daily/logrotate", "#!/bin/sh\n", executable: true);
        Write("web/etc/cron.daily/notes", "#!/bin/sh\n");
        Write("web/etc/systemd/system/clean.timer", "[Timer]\nOnCalendar=daily\nPersistent=true\nRandomizedDelaySec=15min\n");
        Write("web/etc/systemd/system/clean.service", "[Service]\nType=oneshot\nUser=www-data\nNice=5\nExecStart=/usr/bin/find /srv -name *.tmp\n");
        Write("jobs/hosts.json", """{ "hosts": { "web-1": {} } }""");

        var (exitCode, ids, said) = await SayAsync("import", "--write", "--host", "web-1", At("web"));
        var (validated, _, problems) = await SayAsync("validate");

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.True(validated == ExitCode.Ok, problems);
        Assert.Equal("web-1-clean web-1-cron-hourly web-1-dump web-1-logrotate web-1-poll web-1-rotate web-1-weekly-report", string.Join(' ', ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
        Assert.All(["'old.bak'", "notes: it is not executable", "crontabs/deploy:2: not imported", "not carried over: Nice=5", "Worker:RunAs=backup"], text => Assert.Contains(text, said, StringComparison.Ordinal));
        Assert.Contains("\"runAs\": \"www-data\"", File.ReadAllText(At("jobs/web-1-rotate/job.json")), StringComparison.Ordinal);
        Assert.Contains("\"runsOn\": \"web-1\"", File.ReadAllText(At("jobs/web-1-rotate/job.json")), StringComparison.Ordinal);
        Assert.Contains("\"description\": \"rotate\"", File.ReadAllText(At("schedules.json")), StringComparison.Ordinal);
        Assert.Contains("\"jitter\": \"15m\"", File.ReadAllText(At("schedules.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_does_in_a_script_what_it_does_under_systemd()
    {
        Write("a.timer", "[Timer]\nOnCalendar=daily\n");
        Write("a.service", """
            [Service]
            Type=oneshot
            WorkingDirectory=/tmp
            Environment="TITLE=two words" LIST=one\x20two
            ExecStartPre=-/bin/false
            ExecStart=printf '[%%s]' "${TITLE}!" $LIST $$HOME 'it''s' *
            ExecStart=@/bin/sh named -c 'printf "[$0]"'

            """);

        Assert.Equal(ExitCode.Ok, (await SayAsync("import", "--write", At("a.timer"))).ExitCode);
        using var process = Process.Start(new ProcessStartInfo(At("jobs/a/run.sh")) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        // In the last one the shell is named by its words behind -c, and $0 by systemd's rule is a word of the line.
        Assert.StartsWith("[two words!][one][two][$HOME][its][*]", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  // ours\n  \"schedules\": [\n    { \"id\": \"a\" }, // last\n  ],\n  \"timeZone\": \"UTC\"\n}\n", "{\n  // ours\n  \"schedules\": [\n    { \"id\": \"a\" },\n    {}, // last\n  ],\n  \"timeZone\": \"UTC\"\n}\n")]
    [InlineData("{ \"calendars\": { \"schedules\": [1] }, \"schedules\": [] }", "{ \"calendars\": { \"schedules\": [1] }, \"schedules\": [\n    {}\n  ] }")]
    [InlineData("{ \"schedules\": 1 }", null)]
    [InlineData("{ \"schedules\": [", null)]
    public void Entries_are_added_and_all_else_stays(string text, string? expected) => Assert.Equal(expected, ScheduleFileEdit.Append(text, ["{}"]));

    async Task<(int ExitCode, string Output, string Errors)> SayAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exitCode = await CommandLine.RunAsync([.. arguments, "--schedules", At("schedules.json"), "--data", At("data")], new Terminal(output, errors));
        return (exitCode, output.ToString(), errors.ToString());
    }

    void Write(string name, string text, bool executable = false)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(At(name), File.GetUnixFileMode(At(name)) | UnixFileMode.UserExecute);
    }

    string At(string name) => Path.Combine(_folder, name);

    static IEnumerable<string> Vectors(string pattern) =>
        Directory.GetFiles(Documents.Documents.PathOf("tests/vectors"), pattern).Order(StringComparer.Ordinal);
}
