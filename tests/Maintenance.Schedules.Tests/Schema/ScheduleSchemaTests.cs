using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Maintenance.Schedules.Tests.Schema;

public sealed class ScheduleSchemaTests
{
    [Fact]
    public void The_schema_in_the_repository_is_the_one_of_the_code()
    {
        var path = Path.Combine(Root(), "schemas", "schedules.schema.json");
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
            File.WriteAllText(path, ScheduleSchema.ToJson());

        Assert.True(ScheduleSchema.ToJson() == File.ReadAllText(path), $"{path} is out of date; run the tests once with UPDATE_SCHEMAS=1.");
    }

    [Theory]
    [InlineData("#/definitions/schedule", """{ "schedules": [ { "nobody": 1 } ] }""", "schedules[0].nobody")]
    [InlineData("#/properties/defaults", """{ "schedules": [], "defaults": { "nobody": 1 } }""", "defaults.nobody")]
    [InlineData("#", """{ "schedules": [], "nobody": 1 }""", "nobody")]
    [InlineData("#/definitions/fields", """{ "schedules": [ { "id": "a", "job": "j", "calendar": { "nobody": 1 } } ] }""", "schedules[0].calendar.nobody")]
    [InlineData("#/definitions/calendar", """{ "schedules": [], "calendars": { "c": { "dates": "05-01", "nobody": 1 } } }""", "calendars.c.nobody")]
    [InlineData("#/definitions/dst", """{ "schedules": [ { "id": "a", "job": "j", "cron": "@daily", "dst": { "nobody": 1 } } ] }""", "schedules[0].dst.nobody")]
    public void The_schema_has_the_members_that_the_reader_knows(string place, string file, string unknown)
    {
        var schema = place[1..].Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(JsonNode.Parse(ScheduleSchema.ToJson())!, (node, name) => node[name]!);
        var names = schema["properties"]!.AsObject().Select(p => p.Key).Where(n => n != "$schema").Order(StringComparer.Ordinal);

        var problem = ScheduleFile.Read(file, "schedules.json").Problems.First(p => p.Path == unknown);

        Assert.Equal($"Known here: {string.Join(", ", names)}.", problem.Fix);
    }

    static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..");
}
