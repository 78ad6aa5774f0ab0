using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Maintenance.Schedules;

/// <summary>A job with one step and its schedule, about to be written.</summary>
sealed record ImportedJob(int Line, string Name, ImportOrigin Origin)
{
    public const string ScriptName = "run.sh";

    static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string? Description { get; init; }

    /// <summary>The members that say when.</summary>
    public required IReadOnlyList<(string Member, JsonNode Value)> Timing { get; init; }

    public string? Overlap { get; init; }
    public string? CatchUp { get; init; }
    public string? Jitter { get; init; }

    /// <summary>The user that it ran as; null where nothing says so.</summary>
    public string? RunAs { get; init; }

    public string Timeout { get; init; } = "24h";
    public required string Script { get; init; }
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public ImportedLine ToLine() => new(
        Line, Name, Schedule().ToJsonString(_readable),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["job.json"] = Job().ToJsonString(_readable) + "\n", [ScriptName] = Script,
        },
        [.. Warnings, .. UserWarnings()]);

    JsonObject Schedule()
    {
        var schedule = new JsonObject { ["id"] = Name, ["job"] = Name };
        if (Description is not null)
            schedule["description"] = Description;
        foreach (var (member, value) in Timing)
            schedule[member] = value.DeepClone();
        schedule["timeZone"] = Origin.TimeZone;
        AddText(schedule, "overlap", Overlap);
        AddText(schedule, "catchUp", CatchUp);
        AddText(schedule, "jitter", Jitter);
        return schedule;
    }

    JsonObject Job()
    {
        var step = new JsonObject { ["name"] = "run", ["run"] = ScriptName, ["timeout"] = Timeout };
        AddText(step, "runsOn", Origin.Host);
        if (RunAs is not ("root" or null))
            step["runAs"] = RunAs;
        return new JsonObject
        {
            ["$schema"] = "../../schemas/job.schema.json",
            ["description"] = Description ?? $"Imported from {CrontabScript.OneLine(Origin.Source)}{(Line > 0 ? $", line {Line}" : "")}.",
            ["steps"] = new JsonArray(step),
        };
    }

    IEnumerable<string> UserWarnings()
    {
        if (RunAs == "root")
            yield return "it ran as root, and runs here as the user of the worker: that one must be root, or have the rights that it needs";
        else if (RunAs is not null)
            yield return $"it runs as '{RunAs}' (\"runAs\"): start the worker as root with Worker:RunAs={RunAs}, or remove \"runAs\" if "
                + "the worker runs as that user";
    }

    static void AddText(JsonObject json, string member, string? value)
    {
        if (value is not null)
            json[member] = value;
    }
}
