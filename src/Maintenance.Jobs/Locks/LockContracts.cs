using System.Text.Json.Serialization;

namespace Maintenance.Jobs.Locks;

/// <summary>A run asks for a lock. The same <see cref="Id"/> again changes nothing.</summary>
public sealed record LockRequest
{
    /// <summary>Of the run and what it locks for; unique over all runs.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("lock")]
    public required string Lock { get; init; }

    /// <summary>See <see cref="LockDefinition"/>.</summary>
    [JsonPropertyName("limit")]
    public int Limit { get; init; } = 1;

    [JsonPropertyName("priority")]
    public LockPriority Priority { get; init; } = LockPriority.Normal;

    [JsonPropertyName("job")]
    public required string Job { get; init; }

    /// <summary>Null when the whole run holds it.</summary>
    [JsonPropertyName("step")]
    public string? Step { get; init; }

    [JsonPropertyName("workflowId")]
    public required string WorkflowId { get; init; }

    /// <summary>The execution that asks and is told.</summary>
    [JsonPropertyName("executionRunId")]
    public required string ExecutionRunId { get; init; }

    /// <summary>The run's id in the records: stays when the execution is reset or continued as new.</summary>
    [JsonPropertyName("runId")]
    public required string RunId { get; init; }

    [JsonPropertyName("askedAt")]
    public required DateTimeOffset AskedAt { get; init; }
}

/// <summary>The lock tells the run that it holds it now.</summary>
/// <param name="Id">Of the request.</param>
/// <param name="Token">Grows with every grant of the lock: who guards the resource refuses a smaller one than it has seen.</param>
public sealed record LockGrant(string Id, string Lock, long Token);

/// <summary>The lock tells the run that it has to wait, and for whom.</summary>
/// <param name="Ahead">Requests that are served before.</param>
public sealed record LockQueued(string Id, string Lock, IReadOnlyList<string> Holders, int Ahead)
{
    [JsonIgnore]
    public string Text => $"{Lock}, held by {string.Join(", ", Holders)}{(Ahead == 0 ? "" : $"; {Ahead} wait before")}";
}

/// <summary>The lock tells the run that somebody took the lock from it.</summary>
public sealed record LockLost(string Id, string Lock, string By, string Reason);

/// <summary>Somebody takes a lock from its holder by force.</summary>
public sealed record LockBreak
{
    [JsonPropertyName("by")]
    public string? By { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    /// <summary>The run that shall lose it (its id or the beginning of it); null: every holder.</summary>
    [JsonPropertyName("run")]
    public string? Run { get; init; }
}

public sealed record LockHolder(LockRequest Request, long Token, DateTimeOffset Since);

/// <summary>The answer to the query <c>status</c> of a lock.</summary>
public sealed record LockStatusView
{
    [JsonPropertyName("lock")]
    public required string Lock { get; init; }

    /// <summary>How many may hold it as things stand; null: any number, because only shared holders have it.</summary>
    [JsonPropertyName("slots")]
    public int? Slots { get; init; }

    /// <summary>The newest token given out; an older one is of no use any more, unless its holder is still listed.</summary>
    [JsonPropertyName("lastToken")]
    public long LastToken { get; init; }

    [JsonPropertyName("holders")]
    public IReadOnlyList<LockHolder> Holders { get; init; } = [];

    /// <summary>In the order in which they will be served.</summary>
    [JsonPropertyName("queue")]
    public IReadOnlyList<LockRequest> Queue { get; init; } = [];
}
