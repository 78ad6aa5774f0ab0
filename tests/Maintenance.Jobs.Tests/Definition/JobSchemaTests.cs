using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Resources;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Tests.Definition;

public class JobSchemaTests
{
    [Theory]
    [InlineData("job")]
    [InlineData("hosts")]
    [InlineData("people")]
    [InlineData("resources")]
    public void The_schema_in_the_repository_is_the_one_of_the_code(string name)
    {
        var path = Path.Combine(Root(), "schemas", $"{name}.schema.json");
        var schema = name switch
        {
            "job" => JobSchema.ToJson(),
            "hosts" => InventorySchema.ToJson(),
            "people" => PeopleSchema.ToJson(),
            _ => ResourceSchema.ToJson(),
        };
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
            File.WriteAllText(path, schema);

        Assert.True(File.Exists(path) && schema == File.ReadAllText(path), $"{path} is out of date; run the tests once with UPDATE_SCHEMAS=1.");
    }

    [Theory]
    [InlineData("#", """{ "steps": [ { "name": "a", "wait": "1s" } ], "nobodyKnows": 1 }""")]
    [InlineData("#/definitions/input", """{ "input": { "i": { "type": "int", "nobodyKnows": 1 } }, "steps": [ { "name": "a", "wait": "1s" } ] }""")]
    [InlineData("#/definitions/retry", """{ "steps": [ { "name": "a", "wait": "1s", "retry": { "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/approval", """{ "steps": [ { "name": "a", "approval": { "message": "?", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/wait", """{ "steps": [ { "name": "a", "wait": { "command": "a.sh", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/http", """{ "steps": [ { "name": "a", "http": { "url": "http://x/", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/httpExpect", """{ "steps": [ { "name": "a", "http": { "url": "http://x/", "expect": { "nobodyKnows": 1 } } } ] }""")]
    [InlineData("#/definitions/sql", """{ "steps": [ { "name": "a", "sql": { "connection": "env:X", "query": "q", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/sqlExpect", """{ "steps": [ { "name": "a", "sql": { "connection": "env:X", "query": "q", "expect": { "nobodyKnows": 1 } } } ] }""")]
    [InlineData("#/definitions/job", """{ "steps": [ { "name": "a", "job": { "name": "b", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/activity", """{ "steps": [ { "name": "a", "activity": { "name": "b", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/reboot", """{ "steps": [ { "name": "a", "reboot": { "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/restarts", """{ "steps": [ { "name": "a", "run": "a.sh", "restarts": { "part": "host", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/hosts", """{ "steps": [ { "name": "a", "run": "a.sh", "runsOn": { "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/between", """{ "steps": [ { "name": "a", "run": "a.sh", "forEach": ["x"], "waves": [1], "between": { "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/window", """{ "steps": [ { "name": "a", "run": "a.sh", "window": { "from": "01:00", "to": "02:00", "timeZone": "UTC", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/lock", """{ "locks": [ { "name": "l", "nobodyKnows": 1 } ], "steps": [ { "name": "a", "wait": "1s" } ] }""")]
    [InlineData("#/definitions/aside", """{ "steps": [ { "name": "a", "run": "a.sh", "undo": { "run": "a.sh", "nobodyKnows": 1 } } ] }""")]
    [InlineData("#/definitions/step", """{ "steps": [ { "name": "a", "run": "a.sh", "nobodyKnows": 1 } ] }""")]
    public void The_schema_has_the_members_that_the_reader_knows(string place, string text) => SameMembers(
        JobSchema.ToJson(), place,
        JobReader.Read("j", text, "job.json", new Dictionary<string, string> { ["a.sh"] = "#!/bin/sh\n", ["hosts.json"] = """{ "hosts": {} }""" }).Problems);

    [Theory]
    [InlineData("#", """{ "hosts": {}, "nobodyKnows": 1 }""")]
    [InlineData("#/definitions/host", """{ "hosts": { "a": { "nobodyKnows": 1 } } }""")]
    [InlineData("#/definitions/quorum", """{ "hosts": { "a": {} }, "quorums": { "q": { "hosts": ["a"], "nobodyKnows": 1 } } }""")]
    public void The_schema_of_hosts_has_the_members_that_the_reader_knows(string place, string text) =>
        SameMembers(InventorySchema.ToJson(), place, InventoryReader.Read(text, "hosts.json").Problems);

    [Theory]
    [InlineData("#", """{ "people": {}, "nobodyKnows": 1 }""")]
    [InlineData("#/definitions/person", """{ "people": { "a": { "nobodyKnows": 1 } } }""")]
    [InlineData(
        "#/definitions/delegation",
        """{ "people": { "a": {}, "b": {} }, "delegations": [ { "of": "a", "to": "b", "from": "2026-01-01", "until": "2026-01-02", "nobodyKnows": 1 } ] }""")]
    public void The_schema_of_people_has_the_members_that_the_reader_knows(string place, string text) =>
        SameMembers(PeopleSchema.ToJson(), place, PeopleReader.Read(text, "people.json").Problems);

    [Theory]
    [InlineData("#", """{ "resources": {}, "nobodyKnows": 1 }""")]
    [InlineData("#/definitions/resource", """{ "resources": { "r": { "kind": "k", "jobs": { "monitor": "j" }, "nobodyKnows": 1 } } }""")]
    [InlineData("#/definitions/operations", """{ "resources": { "r": { "kind": "k", "jobs": { "monitor": "j", "nobodyKnows": 1 } } } }""")]
    [InlineData("#/definitions/job", """{ "resources": { "r": { "kind": "k", "jobs": { "monitor": { "job": "j", "nobodyKnows": 1 } } } } }""")]
    public void The_schema_of_resources_has_the_members_that_the_reader_knows(string place, string text) =>
        SameMembers(ResourceSchema.ToJson(), place, ResourceReader.Read(text, "resources.json", ["j"]).Problems);

    static void SameMembers(string schema, string place, IReadOnlyList<Problem> problems)
    {
        var node = place[1..].Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(JsonNode.Parse(schema)!, (node, name) => node[name]!);
        var names = node["properties"]!.AsObject().Select(p => p.Key).Where(n => n != "$schema").Order(StringComparer.Ordinal);

        var problem = problems.Single(p => p.Code.EndsWith("003", StringComparison.Ordinal));

        Assert.Equal(names, problem.Fix["Known here: ".Length..^1].Split(", "));
    }

    [Theory]
    [InlineData("backup-verification")]
    [InlineData("certificate-rotation")]
    [InlineData("hello")]
    [InlineData("os-patching")]
    public void The_shipped_jobs_can_be_read(string job)
    {
        var read = JobFolder.Read(Path.Combine(Root(), "jobs"), job);

        Assert.Empty(read.Problems);
    }

    static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..");
}
