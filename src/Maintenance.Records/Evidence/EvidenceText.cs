using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Maintenance.Records;

/// <summary>
/// All that is recorded of a finished run as lines of <c>path=value</c>, in an order that never changes, each value as JSON and each time
/// in UTC. The sha256 of the text is what the chain holds. Texts of the formats before must stay what they are, byte by byte: format 1
/// knows neither locks nor what people did to the run, format 2 has all members of those and of approvals, whatever they are.
/// </summary>
public sealed class EvidenceText
{
    public const int OldestFormat = 1;
    public const int NewestFormat = 2;

    internal static readonly JsonSerializerOptions ValueOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly List<string> _lines = [];

    EvidenceText(RunRecord run, IEnumerable<OutputDigest> outputs, int format)
    {
        Format = format;
        Add("format", format);
        AddRun(run);
        foreach (var step in run.Steps.OrderBy(step => step.Position))
            AddStep(step);
        if (format == OldestFormat)
            AddApprovals(run.Approvals);
        else
            AddMembers(run);
        foreach (var output in outputs.OrderBy(output => (output.Position, output.Number)))
            AddOutput(output);
        Text = string.Concat(_lines.Select(line => line + "\n"));
        Hash = OutputDigest.Sha256(Text);
    }

    public int Format { get; }

    public IReadOnlyList<string> Lines => _lines;

    public string Text { get; }

    /// <summary>Lower-case hex sha256 of <see cref="Text"/> in UTF-8.</summary>
    public string Hash { get; }

    /// <summary>A few bits of each line's hash: no proof, but enough to say which line is not what it was.</summary>
    public string Marks => string.Concat(_lines.Select(Mark));

    /// <param name="run">As the store returns it, so that the text of what was written and the text of what is read are one.</param>
    /// <param name="outputs">What the link holds of the run's outputs.</param>
    /// <param name="format">The link's, from <see cref="OldestFormat"/> to <see cref="NewestFormat"/>.</param>
    public static EvidenceText Of(RunRecord run, IEnumerable<OutputDigest> outputs, int format = NewestFormat) =>
        format is >= OldestFormat and <= NewestFormat
            ? new(run, outputs, format)
            : throw new InvalidDataException(
                $"its evidence has format {format}, and this version knows those up to {NewestFormat}: use a newer one");

    /// <summary>The paths of the lines that differ from the ones that gave these <see cref="Marks"/>.</summary>
    public IReadOnlyList<string> Differing(string marks)
    {
        var before = marks.Chunk(MarkLength).Select(mark => new string(mark)).ToList();
        var now = _lines.ConvertAll(Mark);
        if (before.Count == now.Count)
            return [.. _lines.Where((_, index) => before[index] != now[index]).Select(PathOf)];

        // Lines came or went: what both ends have in common is as it was.
        var first = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        var last = Enumerable.Reverse(before).Zip(Enumerable.Reverse(now)).TakeWhile(pair => pair.First == pair.Second).Count();
        var added = _lines.Skip(first).Take(Math.Max(now.Count - last - first, 0)).Select(PathOf).ToList();
        return added.Count > 0
            ? added
            : [$"{before.Count - now.Count} lines removed before {PathOf(_lines[Math.Min(first, _lines.Count - 1)])}"];
    }

    const int MarkLength = 4;

    static string Mark(string line) => OutputDigest.Sha256(line)[..MarkLength];

    static string PathOf(string line) => line[..line.IndexOf('=', StringComparison.Ordinal)];

    void AddRun(RunRecord run)
    {
        Add("run.id", run.RunId);
        Add("run.workflowId", run.WorkflowId);
        Add("run.job", run.Job);
        Add("run.installation", run.Installation);
        Add("run.scheduleId", run.ScheduleId);
        Add("run.dueAt", run.DueAt);
        Add("run.cause", run.Cause.ToString());
        Add("run.requester", run.Requester);
        Add("run.requesterVerified", run.RequesterVerified);
        Add("run.parentRunId", run.ParentRunId);
        Add("run.bundleHash", run.BundleHash);
        Add("run.gitCommit", run.GitCommit);
        Add("run.timeZoneVersion", run.TimeZoneVersion);
        Add("run.status", run.Status.ToString());
        Add("run.reason", run.Reason);
        Add("run.startedAt", run.StartedAt);
        Add("run.finishedAt", run.FinishedAt);
        Add("run.hostId", run.HostId);
        Add("run.hostName", run.HostName);
        Add("run.input", run.InputJson);
        AddAll("run.outputs", run.Outputs);
    }

    void AddStep(StepRecord step)
    {
        var path = $"step.{step.Position}";
        Add($"{path}.name", step.Name);
        Add($"{path}.kind", step.Kind);
        Add($"{path}.part", step.Part.ToString());
        Add($"{path}.status", step.Status.ToString());
        Add($"{path}.startedAt", step.StartedAt);
        Add($"{path}.finishedAt", step.FinishedAt);
        Add($"{path}.reason", step.Reason);
        AddAll($"{path}.outputs", step.Outputs);
        foreach (var attempt in step.Attempts.OrderBy(attempt => attempt.Number))
            AddAttempt($"{path}.attempt.{attempt.Number}", attempt);
    }

    void AddAttempt(string path, AttemptRecord attempt)
    {
        Add($"{path}.executionRunId", attempt.ExecutionRunId);
        Add($"{path}.activityId", attempt.ActivityId);
        Add($"{path}.outcome", attempt.Outcome.ToString());
        Add($"{path}.exitCode", attempt.ExitCode);
        Add($"{path}.signal", attempt.Signal);
        Add($"{path}.exitUnsure", attempt.ExitUnsure);
        Add($"{path}.hostId", attempt.HostId);
        Add($"{path}.hostName", attempt.HostName);
        Add($"{path}.startedAt", attempt.StartedAt);
        Add($"{path}.finishedAt", attempt.FinishedAt);
        Add($"{path}.recovery", attempt.Recovery.ToString());
        Add($"{path}.containment", attempt.Containment.ToString());
        Add($"{path}.reason", attempt.Reason);
    }

    void AddMembers(RunRecord run)
    {
        (string Path, object List)[] lists = [("approval", run.Approvals), ("lock", run.Locks), ("action", run.Actions)];
        foreach (var (path, value) in lists.SelectMany(each => EvidenceMembers.Of(each.Path, each.List)))
            Add(path, value);
    }

    void AddApprovals(IReadOnlyList<ApprovalRecord> approvals)
    {
        foreach (var (approval, index) in approvals.Select((approval, index) => (approval, index + 1)))
            AddApproval($"approval.{index}", approval);
    }

    void AddApproval(string path, ApprovalRecord approval)
    {
        Add($"{path}.position", approval.Position);
        Add($"{path}.step", approval.Step);
        Add($"{path}.message", approval.Message);
        Add($"{path}.evidenceHash", approval.EvidenceHash);
        Add($"{path}.decision", approval.Decision.ToString());
        Add($"{path}.by", approval.By);
        Add($"{path}.verified", approval.Verified);
        Add($"{path}.reason", approval.Reason);
        Add($"{path}.requestedAt", approval.RequestedAt);
        Add($"{path}.decidedAt", approval.DecidedAt);
        Add($"{path}.expiresAt", approval.ExpiresAt);
    }

    void AddOutput(OutputDigest output)
    {
        var path = $"output.{output.Position}.{output.Number}";
        Add($"{path}.sha256", output.Head);
        Add($"{path}.tailSha256", output.Tail);
        Add($"{path}.fullSha256", output.Full);
        Add($"{path}.totalBytes", output.TotalBytes);
        Add($"{path}.cutBytes", output.CutBytes);
    }

    void AddAll(string path, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            Add($"{path}.{EvidenceMembers.Name(name)}", value);
    }

    void Add(string path, DateTimeOffset? time) =>
        Add(path, time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    void Add<T>(string path, T value) => _lines.Add($"{path}={Json(value)}");

    static string Json<T>(T value) => JsonSerializer.Serialize(value, ValueOptions);
}
