using System.Globalization;
using Maintenance.Jobs.Definition;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>Gives <c>${…}</c> their values at the moment a step starts. What a step did not give is an empty text.</summary>
public sealed class RunFacts(BeginRequest request, BeginResult begun, IReadOnlyList<StepRecord> steps)
{
    public string Resolve(string text) => ReferenceText.Resolve(text, Value);

    public IReadOnlyDictionary<string, string> Resolve(IReadOnlyDictionary<string, string> texts) =>
        texts.ToDictionary(t => t.Key, t => Resolve(t.Value), StringComparer.Ordinal);

    string Value(Reference reference) => reference.Scope switch
    {
        "input" => begun.Input.GetValueOrDefault(reference.Name, ""),
        "run" => OfRun(reference.Name),
        _ => OfStep(reference.Name, reference.Member),
    };

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

    string OfStep(string name, string member)
    {
        if (steps.LastOrDefault(s => s.Name == name) is not { } step)
            return "";
        return member switch
        {
            "exitCode" => step.Attempts is [.., { ExitCode: { } code }] ? code.ToString(CultureInfo.InvariantCulture) : "",
            "status" => step.Status.ToString().ToLowerInvariant(),
            _ => step.Outputs.GetValueOrDefault(member["outputs.".Length..], ""),
        };
    }

    /// <summary>Letters and digits only, so that it may be part of a database's or a file's name.</summary>
    public static string ShortId(string runId) => new([.. runId.Where(char.IsAsciiLetterOrDigit).Take(8)]);

    static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";
}
