using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Temporalio.Api.Enums.V1;
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

    [JsonPropertyName("priority")]
    public KitPriority? Priority { get; init; }

    [JsonPropertyName("summary")]
    public string? Summary { get; init; }

    [JsonPropertyName("staticSummary")]
    public string? StaticSummary { get; init; }

    [JsonPropertyName("staticDetails")]
    public string? StaticDetails { get; init; }

    [JsonPropertyName("memo")]
    public Dictionary<string, JsonElement>? Memo { get; init; }

    [JsonPropertyName("searchAttributes")]
    public Dictionary<string, JsonElement[]>? SearchAttributes { get; init; }

    [JsonPropertyName("cronSchedule")]
    public string? CronSchedule { get; init; }

    [JsonPropertyName("workflowIdReusePolicy")]
    public string? IdReusePolicy { get; init; }

    [JsonPropertyName("allowEagerDispatch")]
    public bool AllowEagerDispatch { get; init; } = true;

    public ActivityOptions ToActivity(TimeSpan startToClose, CancellationToken? token = null) => new()
    {
        ActivityId = ActivityId,
        TaskQueue = TaskQueue,
        StartToCloseTimeout = Span(StartToClose) ?? startToClose,
        ScheduleToCloseTimeout = Span(ScheduleToClose),
        ScheduleToStartTimeout = Span(ScheduleToStart),
        HeartbeatTimeout = Span(Heartbeat),
        RetryPolicy = Retry?.ToPolicy(),
        Priority = Priority?.ToPriority(),
        Summary = Summary,
        DisableEagerActivityExecution = !AllowEagerDispatch,
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
        Priority = Priority?.ToPriority(),
        StaticSummary = StaticSummary,
        StaticDetails = StaticDetails,
        Memo = Memo?.ToDictionary(field => field.Key, field => (object)field.Value),
        TypedSearchAttributes = Keywords(),
        CronSchedule = CronSchedule,
        IdReusePolicy = IdReusePolicy switch
        {
            "REJECT_DUPLICATE" => WorkflowIdReusePolicy.RejectDuplicate,
            "ALLOW_DUPLICATE_FAILED_ONLY" => WorkflowIdReusePolicy.AllowDuplicateFailedOnly,
            _ => WorkflowIdReusePolicy.AllowDuplicate,
        },
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

    // The kit's children have keywords only.
    SearchAttributeCollection? Keywords()
    {
        if (SearchAttributes is null)
            return null;

        var keywords = new SearchAttributeCollection.Builder();
        foreach (var (name, values) in SearchAttributes)
            keywords.Set(SearchAttributeKey.CreateKeyword(name), values[0].GetString()!);
        return keywords.ToSearchAttributeCollection();
    }

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

/// <summary>A priority as the kit writes it.</summary>
public sealed record KitPriority
{
    [JsonPropertyName("priorityKey")]
    public int? PriorityKey { get; init; }

    [JsonPropertyName("fairnessKey")]
    public string? FairnessKey { get; init; }

    [JsonPropertyName("fairnessWeight")]
    public float? FairnessWeight { get; init; }

    public Priority ToPriority() => new(PriorityKey, FairnessKey, FairnessWeight);
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

    [JsonPropertyName("category")]
    public string? Category { get; init; }

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
        Message ?? string.Empty, cause, Type, NonRetryable, Details?.Cast<object?>().ToArray(), KitOptions.Span(NextRetryDelay),
        Category == "BENIGN" ? ApplicationErrorCategory.Benign : ApplicationErrorCategory.Unspecified);
}
