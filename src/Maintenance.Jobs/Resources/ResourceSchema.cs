using System.Text.Json.Nodes;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Resources;

/// <summary>The JSON Schema of resources.json for editors.</summary>
public static class ResourceSchema
{
    public static string ToJson() => Written(FileOf(
        "resources.json of Maintenance",
        new()
        {
            ["resources"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "The managed resources by name.",
                ["additionalProperties"] = Ref("resource"),
            },
        },
        new()
        {
            ["duration"] = DurationDefinition(),
            ["resource"] = Object("What it is, and which jobs can do what with it.", Resource(), "kind", "jobs"),
            ["operations"] = Object("The jobs by operation; one that names no job is not done.", Operations()),
            ["job"] = Object("A job with its input.", Job(), "job"),
        },
        "resources"));

    static JsonObject Resource() => new()
    {
        ["kind"] = Text("What it is, for people.", null, "certificate", "database"),
        ["description"] = Text("What it is good for."),
        ["owner"] = Text("Who to ask about it."),
        ["jobs"] = Ref("operations"),
        ["monitorEvery"] = Duration("How often it is looked at.", ResourceLimits.MonitorEvery),
        ["renewBefore"] = Duration("How long before the fact 'expires' an upgrade is due.", ResourceLimits.RenewBefore),
        ["retryAfter"] = Duration("The pause after a job that failed.", ResourceLimits.RetryAfter),
    };

    static JsonObject Operations()
    {
        var operations = new JsonObject();
        foreach (var operation in Enum.GetValues<ResourceOperation>())
            operations[ResourceState.Word(operation)] = new JsonObject
            {
                ["description"] = Meaning(operation),
                ["anyOf"] = new JsonArray(Text("Name of the job."), Ref("job")),
            };
        return operations;
    }

    static JsonObject Job() => new()
    {
        ["job"] = Text("Name of the job."),
        ["input"] = new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Values of its inputs; ${facts.NAME} is replaced by what an earlier job of the resource found out.",
        },
    };

    static string Meaning(ResourceOperation operation) => operation switch
    {
        ResourceOperation.Provision => "Makes it; without one it is taken to be there.",
        ResourceOperation.Monitor => "Looks at it; the job's outputs become its facts.",
        ResourceOperation.Modify => "Brings it to a changed declaration.",
        ResourceOperation.Upgrade => "Renews it, when a person asks or 'expires' comes near.",
        ResourceOperation.Decommission => "Takes it away.",
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };
}
