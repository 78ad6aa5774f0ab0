using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Jobs.Definition;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>Gives <c>${…}</c> their values at the moment a step starts. What a step did not give is an empty text.</summary>
public sealed class RunFacts(BeginRequest request, BeginResult begun, IReadOnlyList<StepRecord> steps, Target? target = null)
{
    public string Resolve(string text) => ReferenceText.Resolve(text, Value);

    public IReadOnlyDictionary<string, string> Resolve(IReadOnlyDictionary<string, string> texts) =>
        texts.ToDictionary(t => t.Key, t => Resolve(t.Value), StringComparer.Ordinal);

    /// <summary>All texts of a JSON value.</summary>
    public string ResolveJson(string json)
    {
        var node = JsonNode.Parse(json);
        return Walk(node)?.ToJsonString() ?? "null";
    }

    /// <summary>A list input is a list here, and lines in any other text.</summary>
    public IReadOnlyList<string> ResolveList(string text) =>
        ReferenceText.Read(text).References is [{ Scope: "input" } only] && begun.Input.TryGetValue(only.Name, out var list)
            ? TargetList.Parse(list)
            : TargetList.Parse(Resolve(text));

    public string Value(Reference reference) => reference.Scope switch
    {
        "input" => OfInput(reference.Name),
        "run" => OfRun(reference.Name),
        "item" => target?.Item ?? "",
        "host" => OfHost(reference),
        _ => OfStep(reference.Name, reference.Member),
    };

    JsonNode? Walk(JsonNode? node)
    {
        switch (node)
        {
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(Resolve(text));
            case JsonArray array:
                return new JsonArray([.. array.Select(Walk)]);
            case JsonObject members:
                return new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Walk(m.Value))));
            default:
                return node?.DeepClone();
        }
    }

    string OfInput(string name)
    {
        var value = begun.Input.GetValueOrDefault(name, "");
        var isList = begun.Job?.Input.FirstOrDefault(i => i.Name == name) is { Type: InputType.List };
        return isList ? string.Join('\n', TargetList.Parse(value)) : value;
    }

    string OfRun(string name) => name switch
    {
        "id" => request.RunId,
        "shortId" => ShortId(request.RunId),
        "job" => request.Job,
        "workflowId" => request.WorkflowId,
        "scheduleId" => begun.ScheduleId ?? "",
        "dueAt" => Time(begun.DueAt),
        "startedAt" => Time(request.StartedAt),
        "cause" => begun.Cause.ToString().ToLowerInvariant(),
        "requester" => begun.Requester ?? "",
        "host" => begun.HostName,
        _ => "",
    };

    string OfHost(Reference reference) => reference.Name switch
    {
        "name" => target?.Host?.Name ?? "",
        "id" => target?.Host?.Id ?? "",
        _ => target?.Host?.Labels.GetValueOrDefault(reference.Member) ?? "",
    };

    /// <summary>In a step for the same target, an earlier step means what it did for that target.</summary>
    string OfStep(string name, string member)
    {
        var own = target is null ? null : steps.LastOrDefault(s => s.Name == target.RecordName(name));
        if ((own ?? steps.LastOrDefault(s => s.Name == name)) is not { } step)
            return "";
        return member switch
        {
            "exitCode" => ExitCode(step)?.ToString(CultureInfo.InvariantCulture) ?? "",
            "status" => step.Status.ToString().ToLowerInvariant(),
            _ => step.Outputs.GetValueOrDefault(member[Reference.OutputsPrefix.Length..], ""),
        };
    }

    int? ExitCode(StepRecord step) =>
        step.Attempts is [.., var last] ? last.ExitCode : begun.Earlier?.Steps.GetValueOrDefault(step.Name)?.ExitCode;

    /// <summary>Letters and digits only, so that it may be part of a database's or a file's name.</summary>
    public static string ShortId(string runId) => new([.. runId.Where(char.IsAsciiLetterOrDigit).Take(8)]);

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";
}
