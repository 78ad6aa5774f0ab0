namespace Maintenance.Records;

/// <summary>Somebody did something on purpose: approve, cancel, pause, apply. Never changed, never deleted by hand.</summary>
public sealed record AuditRecord
{
    /// <summary>Chosen by the caller, so that a repeated append stays one record.</summary>
    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Who { get; init; }

    /// <summary>True when a token proved <see cref="Who"/>.</summary>
    public bool Verified { get; init; }

    /// <summary>A verb of the command line: approve, reject, cancel, pause, resume, trigger, apply …</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to: <c>run:ID</c>, <c>schedule:ID</c>, <c>job:NAME</c>.</summary>
    public required string Subject { get; init; }
    public string? Reason { get; init; }
    public string DetailJson { get; init; } = "{}";
}

/// <summary>Newest first.</summary>
public sealed record AuditQuery
{
    public string? Subject { get; init; }
    public string? Who { get; init; }
    public DateTimeOffset? Since { get; init; }
    public int Limit { get; init; } = 100;
}
