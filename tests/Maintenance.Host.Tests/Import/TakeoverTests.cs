using System.Diagnostics;
using System.Globalization;
using System.Text;
using Maintenance.Host.Cli;
using Maintenance.Host.Importing;
using Maintenance.Schedules;

namespace Maintenance.Host.Tests.Import;

/// <summary>One line after the other goes from cron to its schedule, and back.</summary>
public sealed class TakeoverTests : IDisposable
{
    const string Before = "MAILTO=ops@example.org\n# nightly\n30 3 * * *\t/srv/report\n*/5 * * * * /srv/poll \xE4\n";

    readonly string _folder = Directory.CreateTempSubdirectory("takeover-").FullName;

    public static bool HasCrontab => File.Exists("/usr/bin/crontab");

    string Crontab => Path.Combine(_folder, "tab");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_line_is_switched_off_alone_with_a_copy_kept_and_comes_back_as_it_was()
    {
        await ImportAsync();

        var taken = await SayAsync("takeover", "report");
        var off = Text(Crontab);
        var again = await SayAsync("takeover", "report");
        var undone = await SayAsync("takeover", "report", "--undo");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ExitCode.Ok), (taken.ExitCode, again.ExitCode, undone.ExitCode));
        Assert.Equal(Before.Replace("30 3 * * *\t", "# maintenance:report: 30 3 * * *\t", StringComparison.Ordinal), off);
        Assert.Equal(Before, Text(Crontab));
        Assert.Equal([Before, off], Directory.GetFiles(Path.Combine(_folder, "data", "takeover")).Order(StringComparer.Ordinal).Select(Text));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Crontab) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task The_schedule_is_paused_until_its_line_is_switched_off_and_after_it_is_given_back()
    {
        await ImportAsync();

        Assert.Equal([ImportWriter.PausedReason, ImportWriter.PausedReason], Paused());
        await SayAsync("takeover", "report");
        Assert.Equal([null, ImportWriter.PausedReason], Paused());
        await SayAsync("takeover", "report", "--undo");
        Assert.Equal([ImportWriter.PausedReason, ImportWriter.PausedReason], Paused());
    }

    [Fact]
    public async Task A_line_that_was_changed_since_is_left_alone()
    {
        await ImportAsync();
        var changed = Before.Replace("30 3", "30 4", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Crontab, Encoding.Latin1.GetBytes(changed), TestContext.Current.CancellationToken);

        var (exitCode, errors) = await SayAsync("takeover", "report");

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("line 3 is no longer '30 3 * * *", errors, StringComparison.Ordinal);
        Assert.Equal(changed, Text(Crontab));
        Assert.Equal(ImportWriter.PausedReason, Paused()[0]);
    }

    [Fact(Skip = "needs Debian's crontab, which this machine does not have", SkipUnless = nameof(HasCrontab))]
    public async Task Where_Debians_crontab_is_installed_what_is_left_is_a_crontab_that_cron_takes()
    {
        await ImportAsync();
        await SayAsync("takeover", "report");

        // Dry run: only the syntax is looked at.
        using var crontab = Process.Start(new ProcessStartInfo("/usr/bin/crontab", ["-n", Crontab]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await crontab.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await crontab.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(crontab.ExitCode == 0, said);
    }

    [Theory]
    [InlineData("""{ "schedules": [ { "id": "b" }, { "id": "a", "paused": "x", "job": "j" } ] }""", null, """{ "schedules": [ { "id": "b" }, { "id": "a", "job": "j" } ] }""")]
    [InlineData("""{ "schedules": [ { "id": "a", "input": { "paused": 1 } } ] }""", "why", """{ "schedules": [ { "id": "a", "paused": "why", "input": { "paused": 1 } } ] }""")]
    [InlineData("""{ "schedules": [ { "id": "a", "input": { "paused": 1 } } ] }""", null, null)]
    [InlineData("""{ "schedules": [ { "id": "b" } ] }""", "why", null)]
    public void A_pause_is_written_and_removed_and_all_else_stays(string text, string? reason, string? expected) =>
        Assert.Equal(expected, ScheduleFileEdit.SetPaused(text, "a", reason));

    async Task ImportAsync()
    {
        await File.WriteAllBytesAsync(Crontab, Encoding.Latin1.GetBytes(Before));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Crontab, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(ExitCode.Ok, (await SayAsync("import", "--write", Crontab)).ExitCode);
    }

    List<string?> Paused() =>
        [.. ScheduleFile.Read(File.ReadAllText(Path.Combine(_folder, "schedules.json")), "schedules.json").Value!.Schedules.Select(s => s.PausedReason)];

    async Task<(int ExitCode, string Errors)> SayAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exitCode = await CommandLine.RunAsync(
            [.. arguments, "--schedules", Path.Combine(_folder, "schedules.json"), "--data", Path.Combine(_folder, "data")], new Terminal(output, errors));
        return (exitCode, errors.ToString());
    }

    static string Text(string path) => Encoding.Latin1.GetString(File.ReadAllBytes(path));
}
