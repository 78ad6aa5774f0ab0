using System.Text.Json.Nodes;
using Maintenance.Jobs.Attempts;
using static Maintenance.Jobs.Definition.JobSchema;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Definition;

/// <summary>The larger members beside a script, for <see cref="JobSchema"/>.</summary>
static class ScriptSchemas
{
    public static JsonObject Secrets()
    {
        var place = Text(
            "Where the value is: env:NAME, file:/path, systemd:NAME, or ${input.NAME} of an input of type secret.", null, "env:PGPASSWORD");
        var command = new JsonObject
        {
            ["command"] = List(Text("The full path of a program, then its arguments."), "Prints the value.", minItems: 1),
            ["timeout"] = Duration("The command may take so long.", SecretPlace.CommandTimeout),
        };
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = "Environment variables whose values are looked up on the host that runs the step.",
            ["additionalProperties"] = new JsonObject
            {
                ["oneOf"] = new JsonArray(place, Object("A command of the host that prints the value.", command, "command")),
            },
        };
    }

    public static JsonObject Limits() => new()
    {
        ["memory"] = Text("Of the attempt in a cgroup, else of each process.", ByteSizes.Pattern, "512MiB"),
        ["cpuTime"] = Duration("Processor time of each process."),
        ["cpus"] = new JsonObject
        {
            ["type"] = "number", ["minimum"] = 0.01, ["description"] = "Processors at once; kept in a cgroup only.",
        },
        ["processes"] = AtLeast(1, "Of the attempt in a cgroup, else of the user that it runs as."),
        ["files"] = AtLeast(16, "Open files of each process."),
        ["nice"] = new JsonObject
        {
            ["type"] = "integer", ["minimum"] = 0, ["maximum"] = LimitsReader.NiceMax,
            ["description"] = "How much it stands back behind others.",
        },
    };

    static JsonObject AtLeast(int least, string description) =>
        new() { ["type"] = "integer", ["minimum"] = least, ["description"] = description };
}
