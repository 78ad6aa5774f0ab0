using System.Text.Json;
using System.Text.Json.Serialization;
using Maintenance.Jobs.Definition;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>What the workflow knows at its start, given to the activity <c>begin</c>.</summary>
public sealed record BeginRequest
{
    public required string Job { get; init; }
    public required string RunId { get; init; }
    public required string WorkflowId { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The first argument of the start, as it came; null when there was none.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Why the first argument could not be read as JSON.</summary>
    public string? InputProblem { get; init; }

    /// <summary>The schedule's nominal time, when a schedule started the run.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The memo's texts by <see cref="Maintenance.Schedules.RunMemo"/> name.</summary>
    public IReadOnlyDictionary<string, string> Memo { get; init; } = new Dictionary<string, string>();
    public string? ParentRunId { get; init; }

    [JsonIgnore]
    public int Depth => int.TryParse(Memo.GetValueOrDefault(Maintenance.Schedules.RunMemo.Depth), out var depth) ? depth : 0;
}

/// <summary>What <c>begin</c> decided; from here on nothing of the run depends on files, clocks or databases that may change.</summary>
public sealed record BeginResult
{
    /// <summary>Null when the run is refused or skipped before anything was looked up.</summary>
    public JobDefinition? Job { get; init; }
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Input { get; init; } = new Dictionary<string, string>();
    public string? BundleHash { get; init; }
    public string? GitCommit { get; init; }
    public required RunCause Cause { get; init; }
    public string? ScheduleId { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public string? Requester { get; init; }
    public required string HostId { get; init; }
    public required string HostName { get; init; }
    public required string HostQueue { get; init; }
    public string? TimeZoneVersion { get; init; }
    public RunLimits Limits { get; init; } = new();

    /// <summary>The hosts as applied with the job; empty when no step chooses among them.</summary>
    public Inventory Inventory { get; init; } = Inventory.Empty;

    /// <summary>Set when the run does only what an earlier one left undone.</summary>
    public DoneTargets? DoneTargets { get; init; }

    /// <summary>See <see cref="JobsOptions.AnybodyAnswers"/>.</summary>
    public bool AnybodyAnswers { get; init; }

    /// <summary>Set when the run goes on where an earlier one ended.</summary>
    public EarlierRun? Earlier { get; init; }

    /// <summary>What somebody told the run with its start: that it is a retry, which step it leaves out.</summary>
    public IReadOnlyList<RunAction> Orders { get; init; } = [];

    /// <summary>Why the run cannot be: an unknown job, a wrong input. The run then fails with it.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why the run should not be: not due, merged, too late. The run then ends well, recorded as skipped.</summary>
    public string? Skip { get; init; }
}

/// <summary>The runner's own limits, pinned by <c>begin</c> so that a change of settings changes no run that is on its way.</summary>
public sealed record RunLimits
{
    /// <summary>A host that does not take a step for so long leaves the attempt unknown.</summary>
    public TimeSpan HostTimeout { get; init; } = JobDefaults.HostTimeout;

    /// <summary>A worker that is silent for so long is taken for dead; the attempt is then handed out again, and attached to.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After this, recording is handed to a workflow of its own, so that the run closes.</summary>
    public TimeSpan FinishTimeLimit { get; init; } = TimeSpan.FromMinutes(1);

    public Locks.LockLimits Locks { get; init; } = new();
}

/// <summary>What one activity execution says about one attempt: how it ended, and its part of the record.</summary>
public sealed record StepReport
{
    public required Attempts.AttemptOutcome Outcome { get; init; }
    public required AttemptRecord Record { get; init; }
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
}

/// <summary>A person's answer. The name is what the sender wrote; only a token proves one.</summary>
public sealed record ApprovalAnswer
{
    [JsonPropertyName("by")]
    public string? By { get; init; }

    /// <summary>See <see cref="Approvals.ApprovalToken"/>; its name and reason are then the ones that count.</summary>
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    /// <summary>The hash that the person saw, or its beginning; the answer counts only for that. Null: whatever it is now.</summary>
    [JsonPropertyName("evidence")]
    public string? Evidence { get; init; }

    /// <summary>Digests of the parts that the person saw, by name: to say what changed since.</summary>
    [JsonPropertyName("seen")]
    public IReadOnlyDictionary<string, string> Seen { get; init; } = new Dictionary<string, string>();

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The step that is meant; null means the one that waits.</summary>
    [JsonPropertyName("step")]
    public string? Step { get; init; }
}

/// <summary>Somebody tells a run something. The name is what the sender wrote; nothing proves it.</summary>
public sealed record RunOrder
{
    [JsonPropertyName("by")]
    public string? By { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The step, or target of a step, to be skipped, as <c>status</c> names it.</summary>
    [JsonPropertyName("step")]
    public string? Step { get; init; }

    /// <summary>A cancelled run undoes what it did.</summary>
    [JsonPropertyName("undo")]
    public bool Undo { get; init; }
}

/// <summary>The message that a wait for a person has begun, goes on, or concerns more people.</summary>
public sealed record ApprovalNotice
{
    public ApprovalNoticeKind Kind { get; init; }

    /// <summary>Counts the questions of the run from 1; 0 in histories of earlier builds.</summary>
    public int Question { get; init; }

    /// <summary>Who started the run and so may not approve it.</summary>
    public string? Requester { get; init; }

    /// <summary>Null in histories of earlier builds: when it was asked.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Whom an escalation is for.</summary>
    public IReadOnlyList<string> Escalated { get; init; } = [];
    public required string RunId { get; init; }
    public required string WorkflowId { get; init; }
    public required string Job { get; init; }
    public required ApprovalRecord Approval { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ApprovalNoticeKind>))]
public enum ApprovalNoticeKind
{
    Asked,
    Reminder,
    Escalation,
}
