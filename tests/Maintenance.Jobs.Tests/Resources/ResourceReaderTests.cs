using Maintenance.Jobs.Resources;

namespace Maintenance.Jobs.Tests.Resources;

public sealed class ResourceReaderTests
{
    [Fact]
    public void A_resource_with_all_its_members_is_read()
    {
        var read = ResourceReader.Read(
            """
            { "resources": { "www": {
              "kind": "certificate", "description": "d", "owner": "web",
              "jobs": { "monitor": { "job": "check", "input": { "address": "${facts.address}" } }, "upgrade": "rotate" },
              "monitorEvery": "6h", "renewBefore": "20d", "retryAfter": "30m" } } }
            """,
            "resources.json", ["check", "rotate"]);

        var www = Assert.Single(read.Value!);
        Assert.Equal(new ResourceJob("check", """{"address":"${facts.address}"}"""), www.Jobs[ResourceOperation.Monitor]);
        Assert.Equal(TimeSpan.FromDays(20), www.RenewBefore);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once_with_its_place()
    {
        var read = ResourceReader.Read(
            """
            { "resources": {
              "www": { "kind": "certificate", "jobs": { "monitor": "chek", "renew": "rotate" } },
              "a b": { "jobs": {} },
              "db":  { "kind": "database", "jobs": { "monitor": { "job": "check", "input": { "x": "${input.y}" } } }, "retryAfter": "1s" } } }
            """,
            "resources.json", ["check", "rotate"]);

        Assert.Equal(
            ["2:56 RES020", "2:64 RES003", "3:3 RES010", "3:10 RES005", "3:20 RES021", "4:87 RES022", "4:121 RES007"],
            read.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}"));
        Assert.Contains("'check'", read.Problems[0].ToString());
    }
}
