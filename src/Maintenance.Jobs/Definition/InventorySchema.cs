using System.Text.Json.Nodes;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Definition;

/// <summary>The JSON Schema of jobs/hosts.json for editors.</summary>
public static class InventorySchema
{
    public static string ToJson() => Written(FileOf(
        "hosts.json of Maintenance",
        new()
        {
            ["hosts"] = ByName("host", "The hosts by name."),
            ["groups"] = ByName("hostNames", "Groups of hosts by name."),
            ["quorums"] = ByName("quorum", "Hosts of which only so many may be worked on at a time, by name."),
        },
        new()
        {
            ["hostNames"] = JobSchema.List(Text("Name of a host."), "Names of hosts."),
            ["host"] = Object("One host, which runs `maintenance agent --host NAME`.", new()
            {
                ["id"] = Text("What tells the host from all others for ever, such as its machine id; default its name."),
                ["labels"] = JobSchema.Map("What the host is, for choosing it."),
            }),
            ["quorum"] = Object("Hosts that must not all be away.", new()
            {
                ["hosts"] = Ref("hostNames"),
                ["group"] = Text("Name of a group whose hosts belong to it too."),
                ["down"] = JobSchema.Whole("So many may be worked on at a time.", 1, InventoryReader.HostsMax, 1),
            }),
        },
        "hosts"));

    static JsonObject ByName(string definition, string description) =>
        new() { ["type"] = "object", ["description"] = description, ["additionalProperties"] = Ref(definition) };
}
