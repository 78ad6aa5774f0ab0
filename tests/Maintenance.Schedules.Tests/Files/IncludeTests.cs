namespace Maintenance.Schedules.Tests.Files;

public sealed class IncludeTests
{
    [Fact]
    public void One_file_for_each_team_shares_calendars_and_takes_what_it_leaves_out_from_the_first_file()
    {
        var set = Good(new Texts()
            .With("schedules.json", """
                { "timeZone": "Europe/Berlin", "$include": ["teams/", "common/calendars.json"], "defaults": { "catchUp": "2h", "owner": "operations" },
                  "schedules": [ { "id": "own", "job": "j", "cron": "0 3 * * *" } ] }
                """)
            .With("teams/db.json", """{ "defaults": { "owner": "db" }, "schedules": [ { "id": "db", "job": "j", "cron": "0 3 * * *", "exclude": "freeze" } ] }""")
            .With("teams/web.json", """{ "timeZone": "America/New_York", "schedules": [ { "id": "web", "job": "j", "cron": "0 3 * * *" } ] }""")
            .With("common/calendars.json", """{ "calendars": { "freeze": { "dates": "12-24..12-26" } } }"""));

        Assert.Equal(["own", "db", "web"], set.Schedules.Select(s => s.Id));
        Assert.Equal(["operations", "db", "operations"], set.Schedules.Select(s => s.Owner));
        Assert.Equal(["Europe/Berlin", "Europe/Berlin", "America/New_York"], set.Schedules.Select(s => s.TimeZone.Id));
        Assert.All(set.Schedules, s => Assert.Equal(TimeSpan.FromHours(2), s.CatchUp));
        Assert.Equal("freeze", Assert.Single(set.Find("db")!.Exclude).Name);
        Assert.Equal(["schedules.json", "db.json", "web.json", "calendars.json"], set.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void Problems_of_all_files_are_told_at_once_each_with_the_file_that_it_stands_in()
    {
        var read = new Texts()
            .With("schedules.json", """
                { "$include": "teams/",
                  "schedules": [ { "id": "a", "job": "j", "cron": "0 22-3 * * *" } ] }
                """)
            .With("teams/db.json", """{ "schedules": [ { "id": "a", "job": "j", "cron": "0 3 * * *" }, { "id": "b", "job": "j", "cron": "61 3 * * *" } ] }""")
            .With("teams/web.json", """{ "schedules": [ { "id": "c", "job": "j", "corn": "0 3 * * *", "exclude": "nothing" } ] }""")
            .With("teams/zoo.json", """{ "schedules": [ """)
            .Read();

        Assert.Equal(
            ["schedules.json:2:54 SCH023", "db.json:1:26 SCH021", "db.json:1:100 SCH023", "web.json:1:18 SCH022", "web.json:1:43 SCH003", "web.json:1:75 SCH027", "zoo.json:1:18 SCH001"],
            read.Problems.Select(p => $"{Path.GetFileName(p.File)}:{p.Line}:{p.Column} {p.Code}"));
        Assert.Contains("taken by the schedule in schedules.json, line 2", read.Problems[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"schedules.json\"", "takes itself in")]
    [InlineData("\"a.json\"", "takes itself in")]
    [InlineData("[\"b.json\", \"./b.json\"]", "taken in twice")]
    [InlineData("\"../other.json\"", "not in the folder of the schedules")]
    [InlineData("\"/etc/passwd\"", "not in the folder of the schedules")]
    [InlineData("\"teams/*.json\"", "is a pattern")]
    [InlineData("\"none.json\"", "cannot be read: there is none")]
    [InlineData("\"none/\"", "no folder 'none/'")]
    [InlineData("3", "Expected the name of a file or folder")]
    public void An_include_that_cannot_be_followed_is_refused_where_it_stands(string include, string message)
    {
        var read = new Texts()
            .With("schedules.json", $$"""{ "schedules": [], "$include": {{include}} }""")
            .With("a.json", """{ "$include": "schedules.json" }""")
            .With("b.json", "{}")
            .Read();

        var problem = Assert.Single(read.Problems);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Fix);
    }

    [Fact]
    public void Files_without_end_are_refused()
    {
        var texts = new Texts().With("schedules.json", """{ "schedules": [], "$include": "1.json" }""");
        for (var i = 1; i < 20; i++)
            texts.With($"{i}.json", $$"""{ "$include": "{{i + 1}}.json" }""");

        Assert.Contains("within each other", Assert.Single(texts.Read().Problems).Message, StringComparison.Ordinal);
    }

    static ScheduleSet Good(Texts texts)
    {
        var read = texts.Read();
        Assert.Empty(read.Problems);
        return read.Value!;
    }
}
