using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Host.Cli;
using Maintenance.Host.Importing;

namespace Maintenance.Host.Tests.Import;

/// <summary><c>import --prove</c> of what is no crontab: timers against systemd's own reckoning, folders of run-parts against the walk.</summary>
public sealed class ImportProveTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("prove-").FullName;

    public static bool HasSystemd => SystemdCalendar.IsHere;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Skip = "needs systemd-analyze, which this machine does not have", SkipUnless = nameof(HasSystemd))]
    public async Task Where_systemd_analyze_is_installed_a_timer_with_its_drop_ins_is_due_as_systemd_says()
    {
        Write("a.timer", "[Timer]\nOnCalendar=daily\n");
        Write("a.timer.d/override.conf", "[Timer]\nOnCalendar=\nOnCalendar=Mon..Fri *-*-* 02:30\nOnCalendar=*:0/20 America/New_York\n");
        Write("a.service", "[Service]\nExecStart=/bin/true\n");

        var proofs = await ProveAsync("a.timer");

        Assert.Equal(
            ["Mon..Fri *-*-* 02:30 1000 same", "*:0/20 America/New_York 1000 same"],
            proofs.Select(p => $"{p!["schedule"]} {p["compared"]} {p["difference"]?.GetValue<string>() ?? "same"}"));
    }

    [Fact]
    public async Task A_folder_of_run_parts_is_due_as_cron_starts_it()
    {
        Write("cron.daily/logs", "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_folder, "cron.daily", "logs"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var proof = Assert.Single(await ProveAsync("cron.daily"))!;

        Assert.Equal(("25 6 * * *", 10_000), (proof["schedule"]!.GetValue<string>(), proof["compared"]!.GetValue<int>()));
        Assert.Null(proof["difference"]);
    }

    void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.WriteAllText(Path.Combine(_folder, name), text);
    }

    async Task<JsonArray> ProveAsync(string name)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exitCode = await CommandLine.RunAsync(
            ["import", "--prove", Path.Combine(_folder, name), "--time-zone", "Europe/Berlin", "--from", "2026-03-01T00:00Z", "--json"], new Terminal(output, errors));
        Assert.True(exitCode == ExitCode.Ok, errors.ToString() + output);
        return JsonNode.Parse(output.ToString())!.AsArray();
    }
}
