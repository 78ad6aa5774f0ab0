namespace Maintenance.Host.Tests.Documents;

/// <summary>The reference of the files is the schema, for people.</summary>
public sealed class SchemaPageTests
{
    [Theory]
    [InlineData("job", "job.json", "[Jobs](../jobs.md)")]
    [InlineData("hosts", "hosts.json", "[Jobs, \"Hosts\"](../jobs.md#hosts)")]
    [InlineData("people", "people.json", "[Approvals](../approvals.md#who-is-who)")]
    [InlineData("resources", "resources.json", "[Resources](../resources.md)")]
    [InlineData("schedules", "schedules.json", "[Schedules](../schedules.md) and [Time zones](../time-zones.md)")]
    public void The_reference_says_what_the_schema_says(string schema, string name, string further)
    {
        var written = SchemaPage.Write(File.ReadAllText(Documents.PathOf($"schemas/{schema}.schema.json")), name, further);
        var path = Documents.PathOf($"docs/reference/{name}.md");
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") == "1")
            File.WriteAllText(path, written);

        Assert.True(File.Exists(path) && File.ReadAllText(path) == written, $"{path} is out of date; run the tests once with UPDATE_SCHEMAS=1.");
    }
}
