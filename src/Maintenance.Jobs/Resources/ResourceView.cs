using System.Text.Json.Serialization;

namespace Maintenance.Jobs.Resources;

/// <summary>The answer to the query <c>state</c> of a resource.</summary>
public sealed record ResourceView
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    /// <summary>One of: new, healthy, attention, decommissioned, or the operation that runs.</summary>
    [JsonPropertyName("phase")]
    public required string Phase { get; init; }

    [JsonPropertyName("problem")]
    public string? Problem { get; init; }

    /// <summary>Workflow id of the run that is under way.</summary>
    [JsonPropertyName("running")]
    public string? Running { get; init; }

    [JsonPropertyName("facts")]
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    [JsonPropertyName("expires")]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it will do something by itself; null: never, or now.</summary>
    [JsonPropertyName("nextAt")]
    public DateTimeOffset? NextAt { get; init; }

    [JsonPropertyName("events")]
    public IReadOnlyList<ResourceEventView> Events { get; init; } = [];

    internal static ResourceView Of(ResourceState state, ResourceOperation? running, string? runningId, DateTimeOffset now) => new()
    {
        Id = state.Definition.Id,
        Kind = state.Definition.Kind,
        Phase = running is { } operation ? ResourceState.Word(operation)
            : state.IsGone ? "decommissioned" : state.Problem is not null ? "attention" : state.Exists ? "healthy" : "new",
        Problem = state.Problem,
        Running = runningId,
        Facts = state.Facts,
        Expires = state.Expires,
        NextAt = running is null && !state.IsGone && state.Next(now) is ResourceMove.Wait wait ? wait.Until : null,
        Events =
        [
            .. state.Events.Select(
                e => new ResourceEventView(e.At, ResourceState.Word(e.Operation), e.Succeeded, e.WorkflowId, e.Reason, e.By)),
        ],
    };
}

public sealed record ResourceEventView(
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("operation")] string Operation,
    [property: JsonPropertyName("succeeded")] bool Succeeded,
    [property: JsonPropertyName("workflowId")] string WorkflowId,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("by")] string? By);
