namespace Maintenance.Schedules.Tests.Files;

public sealed class EnvironmentTests
{
    const string Base = """
        { "timeZone": "Europe/Berlin", "$include": "teams/", "defaults": { "owner": "operations" },
          "calendars": { "freeze": { "dates": "12-24..12-26" } },
          "schedules": [
            { "id": "backup", "job": "j", "cron": "0 3 * * *", "input": { "database": "orders", "keep": 3 }, "exclude": "freeze" },
            { "id": "poll", "job": "j", "every": "10m", "offset": "1m" },
            { "id": "report", "job": "j", "cron": "0 8 * * *" } ] }
        """;

    static Texts Files(string site) => new Texts()
        .With("schedules.json", Base)
        .With("teams/db.json", """{ "defaults": { "owner": "db" }, "schedules": [ { "id": "db", "job": "j", "cron": "0 4 * * *" } ] }""")
        .With("schedules.oslo.json", site);

    [Fact]
    public void A_site_changes_what_it_says_and_keeps_the_rest()
    {
        var read = Files("""
            { "timeZone": "Europe/Oslo", "defaults": { "catchUp": "3h" },
              "calendars": { "freeze": { "dates": "05-17" } },
              "override": {
                "backup": { "input": { "database": "orders_oslo" }, "startBy": "4h" },
                "poll": { "cron": "*/20 * * * *" },
                "db": { "paused": "no database here yet" } },
              "without": ["report"],
              "schedules": [ { "id": "local", "job": "j", "cron": "0 5 * * *" } ] }
            """).Read("oslo");

        Assert.Empty(read.Problems);
        var set = read.Value!;
        Assert.Equal(["backup", "poll", "db", "local"], set.Schedules.Select(s => s.Id));
        Assert.All(set.Schedules, s => Assert.Equal(("Europe/Oslo", TimeSpan.FromHours(3)), (s.TimeZone.Id, s.CatchUp)));
        var backup = set.Find("backup")!;
        Assert.Equal("""{"keep":3,"database":"orders_oslo"}""", backup.InputJson);
        Assert.Equal(TimeSpan.FromHours(4), backup.StartBy);
        Assert.Contains("05-17", Assert.Single(backup.Exclude).Json, StringComparison.Ordinal);
        Assert.Equal("*/20 * * * *", Assert.Single(set.Find("poll")!.Timings).Text);
        Assert.Equal(("db", "no database here yet"), (set.Find("db")!.Owner, set.Find("db")!.PausedReason));
    }

    [Fact]
    public void Without_an_environment_the_base_stands_alone() =>
        Assert.Equal(["backup", "poll", "report", "db"], Files("{}").Read().Value!.Schedules.Select(s => s.Id));

    [Fact]
    public void A_wrong_override_is_told_in_the_file_of_the_site()
    {
        var read = Files("""
            { "override": {
                "backup": { "id": "b", "retrys": 3, "cron": "61 3 * * *" },
                "bakcup": { "paused": "x" },
                "poll": { "job": "k" } },
              "without": "raport", "$include": "x.json" }
            """).Read("oslo");

        Assert.Equal(
            ["2:23 SCH043", "3:5 SCH043", "4:22 SCH043", "5:14 SCH043", "5:24 SCH003"],
            read.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}"));
        Assert.All(read.Problems, p => Assert.Equal("schedules.oslo.json", Path.GetFileName(p.File)));
        Assert.Contains("'backup'", read.Problems[1].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_of_a_site_is_told_where_it_stands()
    {
        var read = Files("""{ "override": { "backup": { "cron": "61 3 * * *", "retrys": 3 } } }""").Read("oslo");

        Assert.Equal(
            ["schedules.oslo.json:1:38 SCH023", "schedules.oslo.json:1:51 SCH003"],
            read.Problems.Select(p => $"{Path.GetFileName(p.File)}:{p.Line}:{p.Column} {p.Code}"));
    }

    [Fact]
    public void A_site_without_a_file_is_a_problem()
    {
        var problem = Assert.Single(Files("{}").Read("bergen").Problems);

        Assert.EndsWith("schedules.bergen.json", problem.File, StringComparison.Ordinal);
        Assert.Equal("SCH040", problem.Code);
    }
}
