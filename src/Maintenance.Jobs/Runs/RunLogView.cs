using System.Text.Json.Serialization;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>The answer to the query <c>log</c>: what the ended attempts wrote, those left out that the asker has already.</summary>
public sealed record RunLogView
{
    [JsonPropertyName("status")]
    public required RunStatus Status { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    [JsonPropertyName("attempts")]
    public IReadOnlyList<AttemptLogView> Attempts { get; init; } = [];
}

/// <summary>One ended attempt. The activity's id is its name for ever.</summary>
public sealed record AttemptLogView
{
    [JsonPropertyName("activityId")]
    public required string ActivityId { get; init; }

    [JsonPropertyName("step")]
    public required string Step { get; init; }

    [JsonPropertyName("number")]
    public required int Number { get; init; }

    [JsonPropertyName("executionRunId")]
    public string? ExecutionRunId { get; init; }

    [JsonPropertyName("reason")]
    public string? Reason { get; init; }

    [JsonPropertyName("output")]
    public AttemptOutput? Output { get; init; }

    public static AttemptLogView Of(StepRecord step, AttemptRecord attempt) => new()
    {
        ActivityId = attempt.ActivityId,
        Step = step.Name,
        Number = attempt.Number,
        ExecutionRunId = attempt.ExecutionRunId,
        Reason = attempt.Reason,
        Output = attempt.Output,
    };
}
