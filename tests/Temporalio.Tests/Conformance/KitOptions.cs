using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Temporalio.Common;
using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>Options of activities and children as the kit's scenarios write them: lengths of time are milliseconds or texts such as "10s".</summary>
public sealed record KitOptions
{
    [JsonPropertyName("workflowId")]
    public string? WorkflowId { get; init; }

    [JsonPropertyName("args")]
    public JsonElement[]? Args { get; init; }

    [JsonPropertyName("activityId")]
    public string? ActivityId { get; init; }

    [JsonPropertyName("taskQueue")]
    public string? TaskQueue { get; init; }

    [JsonPropertyName("startToCloseTimeout")]
    public JsonElement? StartToClose { get; init; }

    [JsonPropertyName("scheduleToCloseTimeout")]
    public JsonElement? ScheduleToClose { get; init; }

    [JsonPropertyName("scheduleToStartTimeout")]
    public JsonElement? ScheduleToStart { get; init; }

    [JsonPropertyName("heartbeatTimeout")]
    public JsonElement? Heartbeat { get; init; }

    [JsonPropertyName("localRetryThreshold")]
    public JsonElement? LocalRetryThreshold { get; init; }

    [JsonPropertyName("workflowRunTimeout")]
    public JsonElement? RunTimeout { get; init; }

    [JsonPropertyName("workflowExecutionTimeout")]
    public JsonElement? ExecutionTimeout { get; init; }

    [JsonPropertyName("workflowTaskTimeout")]
    public JsonElement? TaskTimeout { get; init; }

    [JsonPropertyName("cancellationType")]
    public string? CancellationType { get; init; }

    [JsonPropertyName("parentClosePolicy")]
    public string? ParentClosePolicy { get; init; }

    [JsonPropertyName("retry")]
    public KitRetry? Retry { get; init; }

    public ActivityOptions ToActivity(TimeSpan startToClose, CancellationToken? token = null) => new()
    {
        ActivityId = ActivityId,
        TaskQueue = TaskQueue,
        StartToCloseTimeout = Span(StartToClose) ?? startToClose,
        ScheduleToCloseTimeout = Span(ScheduleToClose),
        ScheduleToStartTimeout = Span(ScheduleToStart),
        HeartbeatTimeout = Span(Heartbeat),
        RetryPolicy = Retry?.ToPolicy(),
        CancellationToken = token,
        CancellationType = CancellationType switch
        {
            "WAIT_CANCELLATION_COMPLETED" => ActivityCancellationType.WaitCancellationCompleted,
            "ABANDON" => ActivityCancellationType.Abandon,
            _ => ActivityCancellationType.TryCancel,
        },
    };

    public LocalActivityOptions ToLocal() => new()
    {
        StartToCloseTimeout = Span(StartToClose) ?? TimeSpan.FromHours(1),
        ScheduleToCloseTimeout = Span(ScheduleToClose),
        LocalRetryThreshold = Span(LocalRetryThreshold),
        RetryPolicy = Retry?.ToPolicy(),
    };

    public ChildWorkflowOptions ToChild(CancellationToken? token = null) => new()
    {
        Id = WorkflowId,
        TaskQueue = TaskQueue,
        RunTimeout = Span(RunTimeout),
        ExecutionTimeout = Span(ExecutionTimeout),
        TaskTimeout = Span(TaskTimeout),
        RetryPolicy = Retry?.ToPolicy(),
        CancellationToken = token,
        CancellationType = CancellationType switch
        {
            "ABANDON" => ChildWorkflowCancellationType.Abandon,
            "TRY_CANCEL" => ChildWorkflowCancellationType.TryCancel,
            "WAIT_CANCELLATION_REQUESTED" => ChildWorkflowCancellationType.WaitCancellationRequested,
            _ => ChildWorkflowCancellationType.WaitCancellationCompleted,
        },
        ParentClosePolicy = ParentClosePolicy switch
        {
            "ABANDON" => Workflows.ParentClosePolicy.Abandon,
            "REQUEST_CANCEL" => Workflows.ParentClosePolicy.RequestCancel,
            _ => Workflows.ParentClosePolicy.Terminate,
        },
    };

    public IReadOnlyCollection<object?> Arguments => [.. (Args ?? []).Cast<object?>()];

    public static TimeSpan? Span(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number => TimeSpan.FromMilliseconds(number.GetDouble()),
        { ValueKind: JsonValueKind.String } text => Parse(text.GetString()!),
        _ => null,
    };

    static TimeSpan Parse(string text)
    {
        var unit = text.TrimStart("0123456789. ".ToCharArray());
        var count = double.Parse(text[..^unit.Length], CultureInfo.InvariantCulture);
        return unit.Trim() switch
        {
            "ms" => TimeSpan.FromMilliseconds(count),
            "s" => TimeSpan.FromSeconds(count),
            "m" => TimeSpan.FromMinutes(count),
            "h" => TimeSpan.FromHours(count),
            _ => throw new FormatException($"'{text}' is no length of time that the kit uses"),
        };
    }
}

/// <summary>A retry policy as the kit writes it.</summary>
public sealed record KitRetry
{
    [JsonPropertyName("initialInterval")]
    public JsonElement? InitialInterval { get; init; }

    [JsonPropertyName("maximumInterval")]
    public JsonElement? MaximumInterval { get; init; }

    [JsonPropertyName("backoffCoefficient")]
    public float? BackoffCoefficient { get; init; }

    [JsonPropertyName("maximumAttempts")]
    public int? MaximumAttempts { get; init; }

    [JsonPropertyName("nonRetryableErrorTypes")]
    public string[]? NonRetryableErrorTypes { get; init; }

    public RetryPolicy ToPolicy() => new()
    {
        InitialInterval = KitOptions.Span(InitialInterval) ?? TimeSpan.FromSeconds(1),
        MaximumInterval = KitOptions.Span(MaximumInterval),
        BackoffCoefficient = BackoffCoefficient ?? 2,
        MaximumAttempts = MaximumAttempts ?? 0,
        NonRetryableErrorTypes = NonRetryableErrorTypes,
    };
}

/// <summary>A failure as the kit describes it.</summary>
public sealed record KitFailure
{
    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("nonRetryable")]
    public bool NonRetryable { get; init; }

    [JsonPropertyName("details")]
    public JsonElement[]? Details { get; init; }

    [JsonPropertyName("nextRetryDelay")]
    public JsonElement? NextRetryDelay { get; init; }

    [JsonPropertyName("causes")]
    public KitFailure[]? Causes { get; init; }

    public Exceptions.ApplicationFailureException ToException()
    {
        Exception? cause = null;
        foreach (var inner in (Causes ?? []).Reverse())
            cause = inner.With(cause);
        return With(cause);
    }

    Exceptions.ApplicationFailureException With(Exception? cause) => new(
        Message ?? string.Empty, cause, Type, NonRetryable, Details?.Cast<object?>().ToArray(), KitOptions.Span(NextRetryDelay));
}
