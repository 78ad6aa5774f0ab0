using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Converters;

namespace Temporalio.Exceptions;

/// <summary>
/// A failure of user code. Thrown in a workflow it fails the workflow; thrown in an activity it decides how the
/// activity is retried.
/// </summary>
public class ApplicationFailureException : FailureException
{
    /// <param name="message">What happened.</param>
    /// <param name="errorType">A name that retry policies and callers compare with.</param>
    /// <param name="nonRetryable">True: never retried, whatever the retry policy says.</param>
    /// <param name="details">Values for whoever handles the failure.</param>
    /// <param name="nextRetryDelay">Wait before the next attempt, instead of the retry policy's.</param>
    /// <param name="category"><c>Benign</c> keeps an expected failure out of error logs and metrics.</param>
    public ApplicationFailureException(
        string message,
        string? errorType = null,
        bool nonRetryable = false,
        IReadOnlyCollection<object?>? details = null,
        TimeSpan? nextRetryDelay = null,
        ApplicationErrorCategory category = ApplicationErrorCategory.Unspecified)
        : this(message, null, errorType, nonRetryable, details, nextRetryDelay, category)
    {
    }

    /// <inheritdoc cref="ApplicationFailureException(string, string?, bool, IReadOnlyCollection{object?}?, TimeSpan?,
    /// ApplicationErrorCategory)"/>
    public ApplicationFailureException(
        string message,
        Exception? inner,
        string? errorType = null,
        bool nonRetryable = false,
        IReadOnlyCollection<object?>? details = null,
        TimeSpan? nextRetryDelay = null,
        ApplicationErrorCategory category = ApplicationErrorCategory.Unspecified)
        : base(message, inner)
    {
        ErrorType = errorType;
        NonRetryable = nonRetryable;
        Details = new OutboundFailureDetails(details);
        NextRetryDelay = nextRetryDelay;
        Category = category;
    }

    protected internal ApplicationFailureException(Failure failure, Exception? inner, IPayloadConverter converter)
        : base(failure, inner)
    {
        var info = failure.ApplicationFailureInfo ?? new();
        ErrorType = info.Type.Length == 0 ? null : info.Type;
        NonRetryable = info.NonRetryable;
        Details = new InboundFailureDetails(converter, info.Details?.Payloads_);
        NextRetryDelay = info.NextRetryDelay?.ToTimeSpan();
        Category = info.Category;
    }

    /// <summary>The error's name, for example an exception type; null when it has none.</summary>
    public string? ErrorType { get; protected init; }

    public bool NonRetryable { get; protected init; }

    public IFailureDetails Details { get; protected init; }

    public TimeSpan? NextRetryDelay { get; protected init; }

    public ApplicationErrorCategory Category { get; protected init; }
}
