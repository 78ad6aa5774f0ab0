using System.Text.Json.Nodes;
using Maintenance.Schedules;
using static Maintenance.Jobs.Definition.JobSchema;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Definition;

/// <summary>The members of each step kind and of the larger controls, for <see cref="JobSchema"/>.</summary>
static class StepSchemas
{
    /// <summary>What stands beside a script: on a run step, in a wait for a command and in a reboot.</summary>
    public static JsonObject Script() => new()
    {
        ["args"] = List(Text("One argument; ${…} is replaced."), "Arguments of the script."),
        ["env"] = Map("Environment variables of the script; ${…} is replaced, never by a shell."),
        ["secrets"] = ScriptSchemas.Secrets(),
        ["runAs"] = Text("User whose rights the script has; the host's setting Worker:RunAs names the permitted ones."),
        ["limits"] = Ref("limits"),
        ["files"] = List(Text("A file beside job.json."), "Further files of the job that the script finds in its working folder."),
        ["stopGrace"] = Duration("Between the request to stop and the kill.", JobDefaults.StopGrace),
    };

    public static JsonObject Wait() => With(Script(), new()
    {
        ["for"] = Duration("Waits so long."),
        ["until"] = Text("Waits until then; ${…} is replaced. " + MomentText.Example, null, "22:00", "2026-12-24T22:00"),
        ["timeZone"] = Text("Of 'until'.", null, "Europe/Berlin", "UTC"),
        ["command"] = Text("A script beside job.json; the wait is over when it exits with 0."),
        ["interval"] = Duration("Between two looks.", JobDefaults.WaitInterval),
        ["timeout"] = Duration("The command has to exit with 0 in this time.", JobDefaults.WaitTimeout),
    });

    public static JsonObject Http() => new()
    {
        ["method"] = new JsonObject { ["enum"] = Values(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]), ["default"] = "GET" },
        ["url"] = Text("Where to; ${…} is replaced and escaped.", null, "https://lb.example/hosts/${host.name}/drain"),
        ["headers"] = Map("Headers; ${…} is replaced."),
        ["secretHeaders"] = Map(
            "Headers whose values are looked up on the host: env:NAME or file:/path, with a word before it where needed: \"Bearer "
                + "env:TOKEN\"."),
        ["body"] = Text("Text to send; ${…} is replaced."),
        ["json"] = new JsonObject { ["description"] = "JSON to send; ${…} is replaced in its texts." },
        ["expect"] = Ref("httpExpect"),
        ["outputs"] = Map("Outputs: name to the JSON pointer of the value in the answer."),
        ["redirects"] = new JsonObject
        {
            ["enum"] = Values(["none", "sameOrigin", "any"]), ["default"] = "none",
            ["description"] = "Which redirects are followed; secret headers go only to the first origin.",
        },
        ["maxBytes"] = Whole("A longer answer fails the attempt.", 1, 8 * 1024 * 1024, JobDefaults.HttpBytesMax),
        ["caFile"] = Text("PEM file on the host with the certificate authority to trust in place of the system's."),
    };

    public static JsonObject HttpExpect() => new()
    {
        ["status"] = OneOrMany(
            new JsonObject { ["type"] = new JsonArray("integer", "string"), ["pattern"] = "^[1-5]([0-9][0-9]|xx)$" },
            "Any of these; default 2xx."),
        ["headers"] = Map("Headers that must have these values."),
        ["contains"] = OneOrMany(Text("A text."), "Texts that must be in the answer."),
        ["json"] = Described(
            new JsonObject
            {
                ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
            },
            "JSON pointer to the value that must be there."),
    };

    public static JsonObject Sql() => new()
    {
        ["connection"] = Text("A name under the job's connections, or the place of a connection string: env:NAME, file:/path."),
        ["query"] = Text("The statement, with @name where a value goes."),
        ["file"] = Text("A file beside job.json with it."),
        ["values"] = Map("Values by name; ${…} is replaced. Never text of the statement."),
        ["readOnly"] = Flag("The database refuses changes; the step is idempotent then."),
        ["expect"] = Ref("sqlExpect"),
        ["outputs"] = List(Text("A column."), "Columns of the first row that become outputs."),
        ["maxRows"] = Whole("More rows are not read.", 1, 100_000, JobDefaults.SqlRowsMax),
    };

    public static JsonObject SqlExpect() => new()
    {
        ["rows"] = Count("So many rows come back."),
        ["affected"] = Count("So many rows are changed."),
        ["values"] = Map("Columns of the first row that must have these values."),
    };

    public static JsonObject Job() => new()
    {
        ["name"] = Text("Name of the job."),
        ["input"] = Input("Its input; ${…} is replaced in texts."),
    };

    public static JsonObject Activity() => new()
    {
        ["name"] = Text("Name of the activity."),
        ["input"] = Input("The object it gets; ${…} is replaced in texts."),
    };

    public static JsonObject Reboot() => With(Script(), new()
    {
        ["command"] = Text("A script beside job.json that restarts the host; default `systemctl reboot`."),
        ["timeout"] = Duration("The host has to answer with another boot id in this time.", JobDefaults.RestartTimeout),
    });

    public static JsonObject Restarts() => new()
    {
        ["part"] = new JsonObject { ["enum"] = Values(["host", "runner", "service"]) },
        ["unit"] = Text("The systemd unit of a service."),
        ["pidFile"] = Text("A file with the service's process id, where there is no unit."),
        ["timeout"] = Duration("Another one has to answer in this time.", JobDefaults.RestartTimeout),
    };

    public static JsonObject Hosts() => new()
    {
        ["labels"] = Map("Labels that a host must have."),
        ["group"] = Text("A group that a host must be in."),
        ["names"] = List(Text("A host; ${…} is replaced, also by a list."), "Only these."),
        ["except"] = List(Text("A host; ${…} is replaced, also by a list."), "Not these."),
    };

    public static JsonObject Between() => new()
    {
        ["wait"] = Duration("A pause."),
        ["approval"] = Ref("approval"),
    };

    public static JsonObject Window() => new()
    {
        ["from"] = Text("Time of day at which it opens.", "^[0-2][0-9]:[0-5][0-9]$", "22:00"),
        ["to"] = Text("Time of day at which it closes; not after 'from' means on the next day.", "^[0-2][0-9]:[0-5][0-9]$", "05:00"),
        ["timeZone"] = Text("Time zone of both.", null, "Europe/Berlin", "UTC"),
        ["days"] = List(
            new JsonObject { ["enum"] = Values(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]) },
            "Days on which it opens; default all."),
        ["outside"] = new JsonObject
        {
            ["enum"] = Values(["wait", "skip", "fail"]), ["default"] = "wait",
            ["description"] = "What follows when the step may not start now.",
        },
    };

    public static JsonObject Described(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }

    static JsonObject Input(string description) => new() { ["type"] = "object", ["description"] = description };

    static JsonObject Count(string description) => Either(
        description, new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
        Object(
            "At least, at most.",
            new JsonObject { ["min"] = new JsonObject { ["type"] = "integer" }, ["max"] = new JsonObject { ["type"] = "integer" } }));

    static JsonObject With(JsonObject members, JsonObject more)
    {
        foreach (var (name, schema) in more)
            members[name] = schema?.DeepClone();
        return members;
    }
}
