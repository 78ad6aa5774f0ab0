using System.Text.Json.Serialization;

namespace Maintenance.Records;

[JsonConverter(typeof(JsonStringEnumConverter<HoldKind>))]
public enum HoldKind
{
    /// <summary>Nothing starts until <see cref="ScheduleHold.Until"/> or a resume.</summary>
    Pause,

    /// <summary>
    /// The next <see cref="ScheduleHold.Count"/> due times do not start; the last of them is just before <see cref="ScheduleHold.Until"/>.
    /// </summary>
    Skip,

    /// <summary>One run more, at <see cref="ScheduleHold.Until"/>.</summary>
    RunAt,
}

/// <summary>What an operator did to a schedule at run time. It is kept apart from git: <c>apply</c> neither makes nor ends one.</summary>
public sealed record ScheduleHold
{
    public required string Id { get; init; }
    public string Installation { get; init; } = "default";
    public required string ScheduleId { get; init; }
    public required HoldKind Kind { get; init; }
    public required string Who { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends by itself, or the moment of the extra run; null for a pause without end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many due times a skip takes; else 0.</summary>
    public int Count { get; init; }

    /// <summary>The extra run, or the run that takes the place of the skipped due time.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Null while it holds.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>A person, or <c>expiry</c>.</summary>
    public string? EndedBy { get; init; }
}

/// <summary>Oldest first.</summary>
public sealed record HoldQuery
{
    public string Installation { get; init; } = "default";
    public string? ScheduleId { get; init; }

    /// <summary>Those that hold now, and those that ended at or after this time; null: only those that hold now.</summary>
    public DateTimeOffset? EndedSince { get; init; }
}
