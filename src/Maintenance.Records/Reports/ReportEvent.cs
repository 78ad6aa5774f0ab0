using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Maintenance.Records.Reports;

/// <summary>
/// A run report as one CLEF event. Templates, event ids and property names are API: docs/seq.md lists them, people build signals on
/// them. A run is a trace and its steps are spans, so Seq draws them on one time axis.
/// </summary>
public sealed record ReportEvent(string ReportId, string Json)
{
    public const string RunTemplate = "Run {RunId} of {Job} ended {Outcome} after {DurationMs} ms";
    public const string StepTemplate = "Step {Step} of {Job} ended {Outcome} after {DurationMs} ms, attempts: {Attempts}";
    public const string ApprovalTemplate = "Run {RunId} of {Job} waits for approval of {Step}: {ApprovalMessage}";

    public const string RunEventId = "4d520001";
    public const string StepEventId = "4d520002";
    public const string ApprovalEventId = "4d520003";

    /// <summary>Below Seq's usual limit of 256 KiB for an event; a report that would be larger goes without its outputs.</summary>
    const int EventBytesMax = 200 * 1024;

    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReportEvent OfRun(RunRecord run, string? link)
    {
        var finishedAt = run.FinishedAt ?? run.StartedAt;
        var failed = run.Steps.FirstOrDefault(step => step.Status is StepStatus.Failed or StepStatus.TimedOut or StepStatus.Unknown);
        var members = Head(finishedAt, RunTemplate, RunEventId, LevelOf(run.Status), run.StartedAt, run.RunId, RunSpan(run.RunId));
        Add(members, "ReportKind", "run");
        AddRun(members, run);
        Add(members, "Outcome", run.Status.ToString());
        Add(members, "Reason", run.Reason);
        Add(members, "DurationMs", Milliseconds(run.Duration));
        Add(members, "DueAt", Time(run.DueAt));
        Add(members, "LateMs", Milliseconds(run.StartedAt - run.DueAt));
        Add(members, "Cause", run.Cause.ToString());
        Add(members, "Requester", run.Requester);
        Add(members, "RequesterVerified", run.Requester is null ? null : run.RequesterVerified);
        Add(members, "ParentRunId", run.ParentRunId);
        Add(members, "Steps", run.Steps.Count);
        Add(members, "Attempts", run.Steps.Sum(step => step.Attempts.Count));
        Add(members, "FailedStep", failed?.Name);
        Add(members, "Input", Parsed(run.InputJson));
        Add(members, "BundleHash", run.BundleHash);
        Add(members, "GitCommit", run.GitCommit);
        Add(members, "Host", run.HostName);
        Add(members, "TimeZoneVersion", run.TimeZoneVersion);
        Add(members, "Approvals", run.Approvals.Count == 0 ? null : run.Approvals.Select(Approval).ToArray());
        Add(members, "Link", link);
        return Finish($"run/{run.RunId}", members, run.Outputs);
    }

    public static ReportEvent OfStep(RunRecord run, StepRecord step, string? link)
    {
        var finishedAt = step.FinishedAt ?? run.FinishedAt ?? run.StartedAt;
        var last = step.Attempts.Count > 0 ? step.Attempts[^1] : null;
        var members = Head(
            finishedAt, StepTemplate, StepEventId, LevelOf(step.Status), step.StartedAt, run.RunId, StepSpan(run.RunId, step.Position),
            RunSpan(run.RunId));
        Add(members, "ReportKind", "step");
        AddRun(members, run);
        Add(members, "Step", step.Name);
        Add(members, "StepKind", step.Kind);
        Add(members, "Part", step.Part.ToString());
        Add(members, "Position", step.Position);
        Add(members, "Outcome", step.Status.ToString());
        Add(members, "Reason", step.Reason);
        Add(members, "DurationMs", Milliseconds(step.Duration) ?? 0);
        Add(members, "Attempts", step.Attempts.Count);
        Add(members, "ExitCode", last?.ExitCode);
        Add(members, "Signal", last?.Signal);
        Add(members, "ExitUnsure", last is { ExitUnsure: true } ? true : null);
        Add(members, "Recovery", last?.Recovery.ToString());
        Add(members, "Containment", last?.Containment.ToString());
        Add(members, "Host", last?.HostName ?? run.HostName);
        Add(members, "OutputBytes", last?.Output?.TotalBytes);
        Add(members, "Link", link);
        return Finish($"step/{run.RunId}/{step.Position}", members, step.Outputs);
    }

    public static ReportEvent OfApproval(ApprovalNews news, string? link)
    {
        var approval = news.Approval;
        var members = Head(news.At, ApprovalTemplate, ApprovalEventId, "Warning", null, news.RunId, null);
        Add(members, "ReportKind", "approval");
        Add(members, "Application", "maintenance");
        Add(members, "RunId", news.RunId);
        Add(members, "WorkflowId", news.WorkflowId);
        Add(members, "Job", news.Job);
        Add(members, "Step", approval.Step);
        Add(members, "ApprovalMessage", approval.Message);
        Add(members, "ExpiresAt", Time(approval.ExpiresAt));
        Add(members, "EvidenceHash", approval.EvidenceHash);
        Add(members, "Reminder", news.Reminder == 0 ? null : news.Reminder);
        Add(members, "Escalated", news.Escalated.Count == 0 ? null : string.Join(", ", news.Escalated));
        Add(members, "Link", link);
        return Finish(news.Id, members, new Dictionary<string, string>());
    }

    static Dictionary<string, object?> Head(
        DateTimeOffset at, string template, string eventId, string? level, DateTimeOffset? startedAt, string runId, string? span,
        string? parent = null)
    {
        var members = new Dictionary<string, object?> { ["@t"] = Time(at), ["@mt"] = template, ["@i"] = eventId };
        Add(members, "@l", level);
        Add(members, "@tr", TraceOf(runId));
        Add(members, "@sp", span);
        Add(members, "@ps", parent);

        // With a start the event is a span; without one it is a log event of that trace.
        if (span is not null)
            Add(members, "@st", Time(startedAt));
        return members;
    }

    static void AddRun(Dictionary<string, object?> members, RunRecord run)
    {
        Add(members, "Application", "maintenance");
        Add(members, "Installation", run.Installation);
        Add(members, "Job", run.Job);
        Add(members, "Schedule", run.ScheduleId);
        Add(members, "RunId", run.RunId);
        Add(members, "WorkflowId", run.WorkflowId);
    }

    static ReportEvent Finish(string reportId, Dictionary<string, object?> members, IReadOnlyDictionary<string, string> outputs)
    {
        members["ReportId"] = reportId;
        if (outputs.Count > 0)
            members["Outputs"] = outputs;
        var json = JsonSerializer.Serialize(members, Plain);
        if (Encoding.UTF8.GetByteCount(json) <= EventBytesMax)
            return new(reportId, json);

        members.Remove("Outputs");
        members.Remove("Input");
        members["OutputsLeftOut"] = true;
        return new(reportId, JsonSerializer.Serialize(members, Plain));
    }

    /// <summary>Absent says more than null in a log server: filters on "has" work.</summary>
    static void Add(Dictionary<string, object?> members, string name, object? value)
    {
        if (value is not null)
            members[name] = value is string text ? StoredText.Clean(text) : value;
    }

    static object Approval(ApprovalRecord approval) => new
    {
        approval.Step,
        Decision = approval.Decision.ToString(),
        approval.By,
        approval.Verified,
        approval.Reason,
    };

    static object Parsed(string json)
    {
        try
        {
            return JsonDocument.Parse(json).RootElement;
        }
        catch (JsonException)
        {
            return json;
        }
    }

    static string? LevelOf(RunStatus status) => status switch
    {
        RunStatus.Failed or RunStatus.TimedOut or RunStatus.Terminated => "Error",
        RunStatus.Cancelled => "Warning",
        _ => null,
    };

    static string? LevelOf(StepStatus status) => status switch
    {
        StepStatus.Failed or StepStatus.TimedOut or StepStatus.Unknown => "Error",
        StepStatus.Cancelled => "Warning",
        _ => null,
    };

    static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    static long? Milliseconds(TimeSpan? length) => length is { } value ? (long)value.TotalMilliseconds : null;

    /// <summary>A Temporal run id is a UUID, which has as many digits as a trace id.</summary>
    static string TraceOf(string runId) => Guid.TryParse(runId, out var id) ? id.ToString("n") : Digest(runId)[..32];

    static string RunSpan(string runId) => Digest($"run/{runId}")[..16];

    static string StepSpan(string runId, int position) =>
        Digest(string.Create(CultureInfo.InvariantCulture, $"step/{runId}/{position}"))[..16];

    static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
