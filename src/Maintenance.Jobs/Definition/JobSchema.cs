using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Schedules;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// The JSON Schema of job.json for editors, made from the same enums and defaults that the reader uses. A test holds the file in schemas/
/// and the names that the reader knows against it.
/// </summary>
public static class JobSchema
{
    static readonly JsonSerializerOptions _readable = new() { WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToJson() => Build().ToJsonString(_readable) + "\n";

    static JsonObject Build() => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "job.json of Maintenance",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = Values(["steps"]),
        ["properties"] = new JsonObject
        {
            ["$schema"] = new JsonObject { ["type"] = "string" },
            ["description"] = Text("What the job does, in a sentence."),
            ["input"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "What a start may or must give, by name. Read as ${input.NAME}.",
                ["additionalProperties"] = Ref("input"),
            },
            ["timeout"] = Duration("The whole run may take so long; 'finally' still runs afterwards.", JobDefaults.RunTimeout),
            ["steps"] = List(Ref("step"), "Run one after the other; the first failure ends them.", minItems: 1),
            ["finally"] = List(Ref("step"), "Run afterwards, whatever happened."),
        },
        ["definitions"] = new JsonObject
        {
            ["duration"] = Text(Durations.Example, "^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "10s", "5m", "26h"),
            ["input"] = Object("A value that a start gives.", Input(), "type"),
            ["retry"] = Object("How often the step is tried, and with which pauses.", Retry()),
            ["approval"] = Object("Waits for a person.", Approval(), "message"),
            ["step"] = Step(),
        },
    };

    static JsonObject Step()
    {
        var step = Object("Exactly one of run, approval and wait says what the step does.", StepMembers(), "name");
        step["oneOf"] = new JsonArray([.. StepKinds.Built.Select(k => (JsonNode)new JsonObject { ["required"] = Values([k]) })]);
        return step;
    }

    static JsonObject StepMembers() => new()
    {
        ["name"] = Text("Names the step in records and references; unique in the job.", "^[A-Za-z][A-Za-z0-9-]{0,59}$"),
        [StepKinds.Run] = Text("A script beside job.json. It begins with '#!' and may be executed.", null, "check.sh", "restore.py"),
        [StepKinds.Approval] = Ref("approval"),
        [StepKinds.Wait] = Duration("Waits so long."),
        ["args"] = List(Text("One argument; ${…} is replaced."), "Arguments of the script."),
        ["env"] = Map("Environment variables of the script; ${…} is replaced, never by a shell."),
        ["secrets"] = Map(
            "Environment variables whose values are looked up on the host: env:NAME, file:/path, or ${input.NAME} of an input of type secret."),
        ["files"] = List(Text("A file beside job.json."), "Further files of the job that the script finds in its working folder."),
        ["runsOn"] = Text("Id of the host that runs the step; default the one that began the run."),
        ["timeout"] = Duration("One attempt may take so long.", JobDefaults.StepTimeout),
        ["stopGrace"] = Duration("Between the request to stop and the kill.", JobDefaults.StopGrace),
        ["retry"] = Ref("retry"),
        ["idempotent"] = Flag("Running the step twice does no harm."),
        ["onUnknown"] = new JsonObject
        {
            ["enum"] = Values(["fail", "retry", "ask"]),
            ["description"] = "What follows when nobody knows how an attempt ended (the host was restarted): default retry for idempotent steps, else fail.",
        },
        ["undo"] = Text("A script that takes the step's effects back when the job fails; it gets the step's environment."),
        ["continueOnFailure"] = Flag("The steps behind it run even if it fails."),
        ["verify"] = Flag("The step proves the job's result."),
    };

    static JsonObject Input() => new()
    {
        ["type"] = new JsonObject { ["enum"] = Values(["string", "int", "bool", "duration", "secret"]), ["description"] = "A duration is seen by scripts as whole seconds; a secret is given as env:NAME or file:/path." },
        ["default"] = new JsonObject { ["type"] = new JsonArray("string", "integer", "boolean"), ["description"] = "Makes the input optional." },
        ["enum"] = List(Text("One allowed value."), "The allowed values."),
        ["pattern"] = Text("A regular expression that the value must match."),
        ["min"] = Integer("Smallest number."),
        ["max"] = Integer("Largest number."),
        ["description"] = Text("For the person who starts the job."),
    };

    static JsonObject Retry() => new()
    {
        ["attempts"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 1000, ["default"] = 1, ["description"] = "Tries in all." },
        ["initial"] = Duration("Pause before the second try.", JobDefaults.RetryInitial),
        ["backoff"] = new JsonObject { ["type"] = "number", ["minimum"] = 1, ["maximum"] = 100, ["default"] = JobDefaults.RetryBackoff, ["description"] = "Each pause is so many times the one before." },
        ["max"] = Duration("No pause is longer.", JobDefaults.RetryMax),
        ["stopOnExitCodes"] = List(ExitCode(), "Exit codes after which another try is pointless."),
        ["onlyOnExitCodes"] = List(ExitCode(), "Only these exit codes are tried again."),
    };

    static JsonObject Approval() => new()
    {
        ["message"] = Text("What the person is asked; ${…} is replaced."),
        ["timeout"] = Duration("Nobody answering so long ends the wait.", JobDefaults.ApprovalTimeout),
        ["onTimeout"] = new JsonObject { ["enum"] = Values(["fail", "continue"]), ["default"] = "fail", ["description"] = "What follows then." },
    };

    static JsonObject List(JsonObject items, string description, int minItems = 0)
    {
        var list = new JsonObject { ["type"] = "array", ["description"] = description, ["items"] = items };
        if (minItems > 0)
            list["minItems"] = minItems;
        return list;
    }

    static JsonObject Map(string description) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
    };

    static JsonObject Flag(string description) => new() { ["type"] = "boolean", ["default"] = false, ["description"] = description };

    static JsonObject Integer(string description) => new() { ["type"] = "integer", ["description"] = description };

    static JsonObject ExitCode() => new() { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 255 };
}
