using System.Text.Json.Nodes;
using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Locks;
using Maintenance.Schedules;
using static Maintenance.Schedules.SchemaParts;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// The JSON Schema of job.json for editors, made from the same enums and defaults that the reader uses. A test holds the file in schemas/
/// and the names that the reader knows against it.
/// </summary>
public static class JobSchema
{
    public static string ToJson() => Written(Build());

    static JsonObject Build() => FileOf(
        "job.json of Maintenance",
        new()
        {
            ["description"] = Text("What the job does, in a sentence."),
            ["input"] = new JsonObject
            {
                ["type"] = "object",
                ["description"] = "What a start may or must give, by name. Read as ${input.NAME}.",
                ["additionalProperties"] = Ref("input"),
            },
            ["connections"] = Map("Names of databases for 'sql' steps: env:NAME, file:/path, or ${input.NAME} of an input of type secret."),
            ["outputs"] = Map("What the run gives to its record and to a 'job' step that started it; ${…} is replaced."),
            ["timeout"] = Duration("The whole run may take so long; 'finally' still runs afterwards.", JobDefaults.RunTimeout),
            ["steps"] = List(Ref("step"), "Run one after the other; the first failure ends them.", minItems: 1),
            ["finally"] = List(Ref("step"), "Run afterwards, whatever happened."),
            ["locks"] = LockSchema.List("Held by the whole run, from before its first step until after 'finally'."),
        },
        new()
        {
            ["duration"] = DurationDefinition(),
            ["input"] = Object("A value that a start gives.", Input(), "type"),
            ["retry"] = Object("How often the step is tried, and with which pauses.", Retry()),
            ["limits"] = Object("What one attempt may use of its host.", ScriptSchemas.Limits()),
            ["approval"] = Object("Waits for a person.", ApprovalSchema.Members(), "message"),
            ["escalate"] = Object("What follows when nobody answers.", ApprovalSchema.Escalation(), "after", "to"),
            ["wait"] = Object("Waits for time, for a moment, or for a command that exits with 0.", StepSchemas.Wait()),
            ["http"] = Object("One HTTP request from the host.", StepSchemas.Http(), "url"),
            ["httpExpect"] = Object("What the answer must be.", StepSchemas.HttpExpect()),
            ["sql"] = Object("One statement or script, in one transaction.", StepSchemas.Sql(), "connection"),
            ["sqlExpect"] = Object("What must come back, else nothing is committed.", StepSchemas.SqlExpect()),
            ["job"] = Object("A run of another job.", StepSchemas.Job(), "name"),
            ["activity"] = Object("A C# activity of a plug-in.", StepSchemas.Activity(), "name"),
            ["reboot"] = Object("Restarts the host and waits for its return.", StepSchemas.Reboot()),
            ["restarts"] = Object("What the step restarts.", StepSchemas.Restarts(), "part"),
            ["hosts"] = Object("Hosts of jobs/hosts.json: all that fit every given part.", StepSchemas.Hosts()),
            ["between"] = Object("What comes between two waves.", StepSchemas.Between()),
            ["window"] = Object("When the step may start.", StepSchemas.Window(), "from", "to", "timeZone"),
            ["lock"] = Object("A lock that is not simply exclusive.", LockSchema.One(), "name"),
            ["aside"] = Aside(),
            ["step"] = Step(),
        },
        "steps");

    static JsonObject Step()
    {
        var step = Object($"Exactly one of {string.Join(", ", StepKinds.All)} says what the step does.", StepMembers(), "name");
        step["oneOf"] = KindsRequired();
        return step;
    }

    /// <summary>An undo or a verify: what it belongs to is known, and it has neither targets nor an undo of its own.</summary>
    static JsonObject Aside()
    {
        var members = StepMembers();
        foreach (var name in StepReader.NotOfAsides)
            members.Remove(name);
        var aside = Object("A step that undoes or verifies another one.", members);
        aside["oneOf"] = KindsRequired();
        return aside;
    }

    static JsonArray KindsRequired() => [.. StepKinds.All.Select(k => (JsonNode)new JsonObject { ["required"] = Values([k]) })];

    static JsonObject StepMembers()
    {
        var members = new JsonObject
        {
            ["name"] = Text("Names the step in records and references; unique in the job.", "^[A-Za-z][A-Za-z0-9-]{0,59}$"),
            [StepKinds.Run] = Text("A script beside job.json. It begins with '#!' and may be executed.", null, "check.sh", "restore.py"),
            [StepKinds.Approval] = Ref("approval"),
            [StepKinds.Wait] = Either("Waits so long, until a moment, or for a command.", Ref("duration"), Ref("wait")),
            [StepKinds.Http] = Ref("http"),
            [StepKinds.Sql] = Ref("sql"),
            [StepKinds.Job] = Either("Runs another job and waits for it.", Text("Name of the job."), Ref("job")),
            [StepKinds.Activity] = Either("Calls a C# activity of a plug-in.", Text("Name of the activity."), Ref("activity")),
            [StepKinds.Reboot] = Ref("reboot"),
        };
        foreach (var (name, schema) in Controls())
            members[name] = schema;
        foreach (var (name, schema) in StepSchemas.Script())
            members[name] = schema?.DeepClone();
        return members;
    }

    static IEnumerable<(string Name, JsonNode Schema)> Controls() =>
    [
        (
            "when",
            Text(
                "The step runs only if this holds: ${…} compared by == != < <= > >= or in […], joined by and, or, not.", null,
                "${steps.list.outputs.pending} > 0")),
        (
            "runsOn",
            Either(
                "The host that runs the step: a name or id, or one of those that fit; default the one that began the run.",
                Text("Name of a host; ${…} is replaced."), Ref("hosts"))),
        ("timeout", Duration("One attempt may take so long.", JobDefaults.StepTimeout)),
        ("retry", Ref("retry")),
        ("idempotent", Flag("Running the step twice does no harm.")),
        ("onUnknown", new JsonObject
        {
            ["enum"] = Values(["fail", "retry", "ask"]),
            ["description"] =
                "What follows when nobody knows how an attempt ended (the host was restarted): default retry for idempotent steps, else "
                    + "fail.",
        }),
        (
            "undo",
            Either(
                "Takes the step's effects back when the job fails: a script with the step's environment, or a step without a name.",
                Text("A script beside job.json."), Ref("aside"))),
        ("continueOnFailure", Flag("The steps behind it run even if it fails.")),
        ("verify", Either(
            "true: the step proves the job's result. A script (with the step's environment) or a step: the step has succeeded only if that "
                + "does.",
            new JsonObject { ["type"] = "boolean" }, Text("A script beside job.json."), Ref("aside"))),
        (
            "restarts",
            Either(
                "What the step's effect restarts; the step ends when another one answers.",
                new JsonObject { ["enum"] = Values(["host", "runner"]) }, Ref("restarts"))),
        ("window", Ref("window")),
        ("locks", LockSchema.List("Held while the step runs; their names sort behind those of the job's locks.")),
        ("forEach", Either(
            "The step once for each: of a list, of one reference to a list, or of hosts.",
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = new JsonArray("string", "number") } },
            Text("One reference, such as ${input.databases}."),
            Object("Hosts of the inventory.", new JsonObject { ["hosts"] = Ref("hosts") }, "hosts"))),
        ("maxParallel", Whole("So many targets at once.", 1, 1000, 1)),
        ("waves", List(Share(), "Sizes of the waves one after the other; the last one repeats.")),
        ("between", Ref("between")),
        ("failureBudget", StepSchemas.Described(Share(), "So many targets may fail before no further one starts; default 0.")),
    ];

    static JsonObject Share() => new() { ["type"] = new JsonArray("integer", "string"), ["pattern"] = "^[0-9]+%?$" };

    static JsonObject Input() => new()
    {
        ["type"] = new JsonObject
        {
            ["enum"] = Values(InputReader.TypeNames),
            ["description"] =
                "Scripts see a duration as whole seconds, a date as yyyy-MM-dd, a list as one item a line; a secret is given as env:NAME "
                    + "or file:/path.",
        },
        ["default"] = new JsonObject
        {
            ["type"] = new JsonArray("string", "number", "boolean", "array"), ["description"] = "Makes the input optional.",
        },
        ["enum"] = List(Text("One allowed value."), "The allowed values; of a list, the allowed items."),
        ["pattern"] = Text("A regular expression that the value, or each item of a list, must match."),
        ["min"] = Bound("Smallest number, shortest duration, first date or fewest items."),
        ["max"] = Bound("Largest number, longest duration, last date or most items."),
        ["description"] = Text("For the person who starts the job."),
    };

    static JsonObject Retry() => new()
    {
        ["attempts"] = new JsonObject
        {
            ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 1000, ["default"] = 1, ["description"] = "Tries in all.",
        },
        ["initial"] = Duration("Pause before the second try.", JobDefaults.RetryInitial),
        ["backoff"] = new JsonObject
        {
            ["type"] = "number", ["minimum"] = 1, ["maximum"] = 100, ["default"] = JobDefaults.RetryBackoff,
            ["description"] = "Each pause is so many times the one before.",
        },
        ["max"] = Duration("No pause is longer.", JobDefaults.RetryMax),
        ["jitter"] = new JsonObject
        {
            ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1, ["default"] = 0,
            ["description"] = "Each pause is shortened by a random part of this share.",
        },
        ["stopOnExitCodes"] = List(ExitCode(), "Exit codes after which another try is pointless."),
        ["onlyOnExitCodes"] = List(ExitCode(), "Only these exit codes are tried again."),
    };

    internal static JsonObject List(JsonObject items, string description, int minItems = 0)
    {
        var list = new JsonObject { ["type"] = "array", ["description"] = description, ["items"] = items };
        if (minItems > 0)
            list["minItems"] = minItems;
        return list;
    }

    internal static JsonObject Map(string description) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["additionalProperties"] = new JsonObject { ["type"] = "string" },
    };

    internal static JsonObject Flag(string description) =>
        new() { ["type"] = "boolean", ["default"] = false, ["description"] = description };

    static JsonObject Bound(string description) => new() { ["type"] = new JsonArray("number", "string"), ["description"] = description };

    static JsonObject ExitCode() => new() { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 255 };

    internal static JsonObject Whole(string description, int min, int max, int @default) => new()
    {
        ["type"] = "integer", ["minimum"] = min, ["maximum"] = max, ["default"] = @default, ["description"] = description,
    };

    internal static JsonObject Either(string description, params JsonNode[] schemas) =>
        new() { ["description"] = description, ["anyOf"] = new JsonArray(schemas) };
}
