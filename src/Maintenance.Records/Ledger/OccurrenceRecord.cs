using System.Text.Json.Serialization;

namespace Maintenance.Records;

[JsonConverter(typeof(JsonStringEnumConverter<OccurrenceStatus>))]
public enum OccurrenceStatus
{
    /// <summary>The time has come, and no run is known yet.</summary>
    Due,

    /// <summary>A run belongs to it and has not ended.</summary>
    Running,
    Ran,

    /// <summary>Ran, but started later than the schedule allows for.</summary>
    RanLate,

    /// <summary>On purpose: overlap, exclusion, pause, DST merge.</summary>
    Skipped,

    /// <summary>Should have run and did not.</summary>
    Missed,
}

/// <summary>One due time of one schedule, or a row of due times that had the same fate for the same reason.</summary>
public sealed record OccurrenceRecord
{
    public string Installation { get; init; } = "default";
    public required string ScheduleId { get; init; }

    /// <summary>The nominal time; with installation and schedule the key.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The last due time of the row; the same as <see cref="DueAt"/> when <see cref="Count"/> is 1.</summary>
    public DateTimeOffset? LastDueAt { get; init; }
    public int Count { get; init; } = 1;
    public required OccurrenceStatus Status { get; init; }

    /// <summary>
    /// A word to search for: schedule, catch-up, overlap, paused, excluded, dst, start-by, down …; docs/ledger.md has them all
    /// </summary>
    public string? Cause { get; init; }

    /// <summary>The same as a sentence.</summary>
    public string? Reason { get; init; }
    public string? RunId { get; init; }
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The <see cref="AppliedSchedule.SpecHash"/> in force at that time.</summary>
    public string? SpecHash { get; init; }
    public string? TimeZoneVersion { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Ordered by due time, earliest first unless asked otherwise.</summary>
public sealed record OccurrenceQuery
{
    public string Installation { get; init; } = "default";
    public string? ScheduleId { get; init; }
    public OccurrenceStatus? Status { get; init; }

    /// <summary>Only rows that may still change: due and running.</summary>
    public bool Open { get; init; }

    /// <summary>Whose last due time is at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Due before.</summary>
    public DateTimeOffset? Until { get; init; }
    public bool NewestFirst { get; init; }
    public int Limit { get; init; } = 1000;
}
