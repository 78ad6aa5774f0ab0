using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Host.Cli;
using Maintenance.Host.Importing;
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

    [Fact]
    public async Task Beside_a_running_cron_each_minute_is_judged_once_when_it_is_over()
    {
        await ImportAsync();
        var (log, at) = (Path.Combine(_folder, "cron.log"), new DateTimeOffset(2026, 6, 1, 0, 29, 30, TimeSpan.Zero));
        var watch = new ShadowWatch([.. Imported()], at);
        using var tail = new LogTail(log);

        IEnumerable<string> Judge(int seconds)
        {
            var now = at.AddSeconds(seconds);
            watch.Saw(CronLog.Read(tail.Read(), Zones.Get("Europe/Berlin"), now));
            return watch.Judge(now).Select(e => $"{e.At:HH:mm} {e.Schedule} {e.Verdict}");
        }

        Assert.Empty(Judge(0));
        await File.WriteAllTextAsync(log, "2026-06-01T02:30:01+02:00 srv CRON[11]: (deploy) CMD (/srv/report --day $(date +\\%d))\n2026-06-01T02:30:02", TestContext.Current.CancellationToken);
        Assert.Empty(Judge(60));
        Assert.Equal(["00:30 report would have run; cron started it"], Judge(180));
        Assert.Empty(Judge(181));
        // Put aside and begun anew, with half a line that was finished in between.
        await File.AppendAllTextAsync(log, "+02:00 srv CRON[11]: (deploy) CMD (/srv/other)\n", TestContext.Current.CancellationToken);
        Assert.Equal(["00:30  cron started a command that is not imported"], Judge(182));
        File.Move(log, log + ".1");
        await File.WriteAllTextAsync(log, "2026-06-01T03:10:01+02:00 srv CRON[11]: (x) CMD (/bin/cat)\n", TestContext.Current.CancellationToken);
        Assert.Equal(["01:00 cat would have run; cron did not start it", "01:10 cat cron started it; not due here"], Judge(3600));
        Assert.Equal((2, 2), (watch.Due, watch.Differences));
    }

    [Fact]
    public async Task A_watch_over_days_that_are_over_tells_each_due_time_and_ends()
    {
        await ImportAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "cron.log"),
            """
            2026-06-01T02:30:01+02:00 srv CRON[11]: (deploy) CMD (/srv/report --day $(date +\%d))
            2026-06-01T03:00:01+02:00 srv CRON[12]: (deploy) CMD (/bin/cat%one line)
            2026-06-02T02:30:01+02:00 srv CRON[13]: (deploy) CMD (/srv/report --day $(date +\%d))
            2026-06-02T02:31:01+02:00 srv CRON[14]: (root) CMD (/srv/other)

            """,
            TestContext.Current.CancellationToken);

        var (exitCode, output) = await SayAsync(
            "shadow", "--watch", Path.Combine(_folder, "cron.log"), "--time-zone", "Europe/Berlin", "--since", "2026-06-01T00:00Z", "--until", "2026-06-03T00:00Z");

        Assert.Equal(
            """
            2026-06-01T00:30:00Z report: would have run; cron started it
            2026-06-01T01:00:00Z cat: would have run; cron started it
            2026-06-02T00:30:00Z report: would have run; cron started it
            2026-06-02T00:31:00Z cron started a command that is not imported: /srv/other
            2026-06-02T01:00:00Z cat: would have run; cron did not start it  DIFFERENT

            """,
            output);
        Assert.Equal(ExitCode.Failed, exitCode);
    }

    IEnumerable<(Schedule, string)> Imported() => ScheduleFile.Read(File.ReadAllText(Path.Combine(_folder, "schedules.json")), "schedules.json").Value!.Schedules
        .Select(s => (s, ImportedFrom.Find(Path.Combine(_folder, "jobs"), s.Job)!.Command));

    async Task ImportAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "deploy"), "30 2 * * * /srv/report --day $(date +\\%d)\n0 3 * * * /bin/cat%one line\n");
        await SayAsync("import", "--write", Path.Combine(_folder, "deploy"), "--time-zone", "Europe/Berlin");
    }

    async Task<JsonNode> ShadowAsync(int exitCode, string log)
    {
        await ImportAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "cron.log"), log);
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
