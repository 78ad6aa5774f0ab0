using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Host.Cli;
using Maintenance.Schedules;

namespace Maintenance.Host.Tests.Import;

/// <summary>Imported schedules beside what cron wrote into its log.</summary>
public sealed class ShadowTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("shadow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Cron_and_the_schedules_agree_over_the_spring_night()
    {
        var json = await ShadowAsync(
            ExitCode.Ok,
            """
            2026-03-28T02:30:01.010101+01:00 srv CRON[11]: (deploy) CMD (/srv/report --day $(date +\%d))
            2026-03-28T03:00:01+01:00 srv CRON[12]: (deploy) CMD (/bin/cat%one line)
            2026-03-29T03:00:01+02:00 srv CRON[13]: (deploy) CMD (/bin/cat%one line)
            2026-03-29T03:00:02+02:00 srv CRON[14]: (deploy) CMD (/srv/report --day $(date +\%d))
            2026-03-30T02:30:01+02:00 srv CRON[15]: (deploy) CMD (/srv/report --day $(date +\%d))
            2026-03-30T02:31:00+02:00 srv CRON[16]: (root) CMD (/srv/other)
            """);

        Assert.Equal(["cat 2 2", "report 3 3"], json["schedules"]!.AsArray().Select(s => $"{s!["id"]} {s["due"]} {s["started"]}"));
        Assert.Equal("/srv/other", json["notHere"]![0]!["command"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_only_one_of_them_did_is_told()
    {
        var json = await ShadowAsync(
            ExitCode.Failed,
            """
            2026-06-01T02:30:01+02:00 srv CRON[11]: (deploy) CMD (/srv/report --day $(date +\%d))
            2026-06-01T04:10:01+02:00 srv CRON[11]: (deploy) CMD (/srv/report --day $(date +\%d))
            2026-06-02T02:30:01+02:00 srv CRON[11]: (deploy) CMD (/srv/report --day $(date +\%d))
            """);

        Assert.Equal("2026-06-01T01:00:00+00:00", json["schedules"]![0]!["onlyHere"]![0]!.GetValue<string>());
        Assert.Equal("2026-06-01T02:10:00+00:00", json["schedules"]![1]!["onlyCron"]![0]!.GetValue<string>());
    }

    [Fact]
    public void Times_without_year_and_zone_are_the_last_ones_and_go_on_in_the_second_pass()
    {
        string[] log =
        [
            "Oct 25 02:30:01 srv CRON[1]: (a) CMD (x)", "Oct 25 02:45:01 srv CRON[1]: (a) CMD (x)", "Oct 25 02:30:01 srv CRON[1]: (a) CMD (x)",
            "Nov  3 02:30:01 srv CRON[1]: (a) CMD (x)", "Nov  3 02:30:02 srv CRON[1]: (a) INFO (No MTA installed, discarding output)", "nothing",
        ];

        var starts = CronLog.Read(log, Zones.Get("Europe/Berlin"), new DateTimeOffset(2026, 11, 3, 12, 0, 0, TimeSpan.Zero));

        Assert.Equal(
            ["2026-10-25 00:30:01", "2026-10-25 00:45:01", "2026-10-25 01:30:01", "2026-11-03 01:30:01"],
            starts.Select(s => s.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)));
    }

    async Task<JsonNode> ShadowAsync(int exitCode, string log)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "deploy"), "30 2 * * * /srv/report --day $(date +\\%d)\n0 3 * * * /bin/cat%one line\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "cron.log"), log);
        await SayAsync("import", "--write", Path.Combine(_folder, "deploy"), "--time-zone", "Europe/Berlin");
        var (found, output) = await SayAsync("shadow", Path.Combine(_folder, "cron.log"), "--time-zone", "Europe/Berlin", "--json");

        Assert.Equal(exitCode, found);
        return JsonNode.Parse(output)!;
    }

    async Task<(int ExitCode, string Output)> SayAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exitCode = await CommandLine.RunAsync(
            [.. arguments, "--schedules", Path.Combine(_folder, "schedules.json"), "--data", Path.Combine(_folder, "data")], new Terminal(output, errors));
        return (exitCode, output.ToString());
    }
}
