using System.Runtime.CompilerServices;

namespace Maintenance.Schedules.Tests.Files;

public sealed class ScheduleFileTests
{
    [Fact]
    public void The_file_of_this_repository_has_no_problem()
    {
        var path = Path.Combine(Root(), "schedules.json");

        var read = ScheduleFile.Read(File.ReadAllText(path), "schedules.json");

        Assert.Empty(read.Problems);
        Assert.True(read.Ok);
        Assert.NotNull(read.Value.Find("hello"));
    }

    [Fact]
    public void Entries_take_what_they_leave_out_from_the_defaults()
    {
        var set = Read("""
            {
              "timeZone": "Europe/Berlin",
              "defaults": { "overlap": "bufferOne", "catchUp": "2h", "owner": "db", "tags": ["prod"], "dst": { "missing": "skip" } },
              "schedules": [
                { "id": "a", "job": "j", "cron": "0 3 * * *" },
                { "id": "b", "job": "j", "every": "5m", "offset": "30s", "timeZone": "UTC", "overlap": "skip", "tags": [], "dst": { "repeated": "both" } },
              ],
            }
            """);

        var (a, b) = (set.Find("a")!, set.Find("b")!);
        Assert.Equal((Overlap.BufferOne, TimeSpan.FromHours(2), "db", "Europe/Berlin"), (a.Overlap, a.CatchUp, a.Owner, a.TimeZone.Id));
        Assert.Equal(["prod"], a.Tags);
        Assert.Equal(MissingRule.Skip, a.Dst.Missing);
        Assert.Equal((Overlap.Skip, "UTC"), (b.Overlap, b.TimeZone.Id));
        Assert.Empty(b.Tags);
        Assert.Equal(new DstRules(MissingRule.Skip, RepeatedRule.Both), b.Dst);
    }

    [Fact]
    public void Every_problem_is_found_at_once_with_its_place_and_code()
    {
        var read = ScheduleFile.Read(
            """
            {
              "timeZone": "Europe/Berln",
              "calendars": { "freeze": { "dates": ["2026-13-01"] } },
              "schedules": [
                { "id": "a b", "job": "j", "cron": "0 22-3 * * *" },
                { "id": "x", "job": "j", "cron": ["0 3 * * *", "0 0 30 2 *"], "exclude": ["freze"] },
                { "id": "x", "job": "j" },
                { "id": "y", "job": "j", "every": "5 minutes", "startBy": "10m", "catchUp": "1h", "finishBy": "5m" },
                { "id": "z", "cron": "* * * * *", "paused": true, "overlapp": "skip", "jitter": "x" },
              ]
            }
            """,
            "schedules.json");

        Assert.False(read.Ok);
        Assert.Equal(
            [
                "2:15 SCH009", "3:40 SCH028", "5:13 SCH020", "5:43 SCH023", "6:52 SCH024", "6:79 SCH027", "7:5 SCH022", "7:13 SCH021",
                "8:39 SCH006", "8:63 SCH025", "8:99 SCH026", "9:5 SCH005", "9:49 SCH034", "9:55 SCH003", "9:85 SCH006",
            ],
            read.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}"));
        Assert.Equal("schedules.json:2:15 SCH009 timeZone: 'Europe/Berln' is not a time zone known on this machine. Did you mean 'Europe/Berlin'?", read.Problems[0].ToString());
        Assert.Contains("Did you mean 'freeze'?", read.Problems[5].Fix, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'overlap'?", read.Problems[13].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_catch_up_gives_way_to_a_shorter_start_by()
    {
        var schedule = Some.Schedule(""" "cron": "0 3 * * *", "startBy": "10m" """);

        Assert.Equal(TimeSpan.FromMinutes(10), schedule.CatchUp);
    }

    [Fact]
    public void A_job_that_does_not_exist_is_reported_where_it_is_named()
    {
        var read = ScheduleFile.Read(
            """{ "schedules": [ { "id": "a", "job": "bakcup", "cron": "0 3 * * *" } ] }""", "schedules.json", ["backup", "hello"]);

        var problem = Assert.Single(read.Problems);
        Assert.Equal("schedules.json:1:38 SCH035 schedules[0].job: There is no job 'bakcup'. Did you mean 'backup'?", problem.ToString());
    }

    [Fact]
    public void A_resolved_entry_reads_back_to_itself_without_its_file()
    {
        var set = Read("""
            {
              "timeZone": "Europe/Berlin",
              "calendars": { "freeze": { "dates": ["12-24..01-02"], "timeZone": "America/New_York" } },
              "defaults": { "catchUp": "2h", "exclude": ["freeze"] },
              "schedules": [ { "id": "a", "job": "j", "cron": ["0 3 * * *", "@weekly"], "at": "2027-01-01T00:00", "every": "6h", "offset": "1h", "input": { "n": 1.50 }, "paused": "why not" } ]
            }
            """);

        var resolved = set.Schedules[0].ResolvedJson;
        var again = ScheduleFile.ReadResolved(resolved);

        Assert.Empty(again.Problems);
        Assert.Equal(resolved, again.Value!.ResolvedJson);
        Assert.Equal(set.Schedules[0].Due("2026-12-20T00:00Z", 40), again.Value.Due("2026-12-20T00:00Z", 40));
    }

    static ScheduleSet Read(string text)
    {
        var read = ScheduleFile.Read(text, "schedules.json");
        Assert.Empty(read.Problems);
        return read.Value!;
    }

    static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..");
}
