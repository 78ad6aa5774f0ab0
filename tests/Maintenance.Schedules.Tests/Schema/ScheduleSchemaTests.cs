using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Maintenance.Schedules.Tests.Schema;

public sealed class ScheduleSchemaTests
{
    [Theory]
    [InlineData("schedules.schema.json")]
    [InlineData("schedules.environment.schema.json")]
    public void The_schema_in_the_repository_is_the_one_of_the_code(string name)
    {
        var path = Path.Combine(Root(), "schemas", name);
        var schema = name == "schedules.schema.json" ? ScheduleSchema.ToJson() : ScheduleSchema.EnvironmentToJson();
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
            File.WriteAllText(path, schema);

        Assert.True(schema == File.ReadAllText(path), $"{path} is out of date; run the tests once with UPDATE_SCHEMAS=1.");
    }

    [Theory]
    [InlineData("#/definitions/schedule", """{ "schedules": [ { "nobody": 1 } ] }""", "schedules[0].nobody")]
    [InlineData("#/properties/defaults", """{ "schedules": [], "defaults": { "nobody": 1 } }""", "defaults.nobody")]
    [InlineData("#", """{ "schedules": [], "nobody": 1 }""", "nobody")]
    [InlineData("#/definitions/fields", """{ "schedules": [ { "id": "a", "job": "j", "calendar": { "nobody": 1 } } ] }""", "schedules[0].calendar.nobody")]
    [InlineData("#/definitions/calendar", """{ "schedules": [], "calendars": { "c": { "dates": "05-01", "nobody": 1 } } }""", "calendars.c.nobody")]
    [InlineData("#/definitions/event", """{ "schedules": [], "calendars": { "c": { "events": [ { "start": "2027-01-01", "nobody": 1 } ] } } }""", "calendars.c.events[0].nobody")]
    [InlineData("#/definitions/rule", """{ "schedules": [], "calendars": { "c": { "rules": [ { "days": "mon", "nobody": 1 } ] } } }""", "calendars.c.rules[0].nobody")]
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
