using Google.Protobuf.Collections;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <summary>What the last event of a run means to somebody who waits for its result.</summary>
static class WorkflowClosing
{
    /// <summary>The run that goes on after this one; null when there is none.</summary>
    public static string? NextRunId(HistoryEvent closing)
    {
        var next = closing.EventType switch
        {
            EventType.WorkflowExecutionCompleted => closing.WorkflowExecutionCompletedEventAttributes.NewExecutionRunId,
            EventType.WorkflowExecutionFailed => closing.WorkflowExecutionFailedEventAttributes.NewExecutionRunId,
            EventType.WorkflowExecutionTimedOut => closing.WorkflowExecutionTimedOutEventAttributes.NewExecutionRunId,
            EventType.WorkflowExecutionContinuedAsNew =>
                closing.WorkflowExecutionContinuedAsNewEventAttributes.NewExecutionRunId,
            _ => string.Empty,
        };
        return next.Length == 0 ? null : next;
    }

    public static async Task<TResult> ResultAsync<TResult>(HistoryEvent closing, DataConverter converter)
    {
        switch (closing.EventType)
        {
            case EventType.WorkflowExecutionCompleted:
                return await ValueAsync<TResult>(
                    closing.WorkflowExecutionCompletedEventAttributes.Result?.Payloads_, converter);
            case EventType.WorkflowExecutionFailed:
                throw new WorkflowFailedException(
                    await converter.ToExceptionAsync(closing.WorkflowExecutionFailedEventAttributes.Failure));
            case EventType.WorkflowExecutionContinuedAsNew:
                throw new WorkflowContinuedAsNewException(
                    closing.WorkflowExecutionContinuedAsNewEventAttributes.NewExecutionRunId);
            default:
                throw new WorkflowFailedException(await EndedFromOutsideAsync(closing, converter));
        }
    }

    static async Task<TResult> ValueAsync<TResult>(RepeatedField<Payload>? payloads, DataConverter converter) =>
        typeof(TResult) == typeof(ValueTuple) || payloads is null or { Count: 0 }
            ? default!
            : await converter.ToSingleValueAsync<TResult>(payloads);

    // These ends have no failure in the history; they are given the one that a parent workflow would see.
    static async Task<Exception> EndedFromOutsideAsync(HistoryEvent closing, DataConverter converter)
    {
        switch (closing.EventType)
        {
            case EventType.WorkflowExecutionCanceled:
                return await converter.ToExceptionAsync(new()
                {
                    Message = "Workflow execution canceled",
                    CanceledFailureInfo = new() { Details = closing.WorkflowExecutionCanceledEventAttributes.Details },
                });
            case EventType.WorkflowExecutionTimedOut:
                return await converter.ToExceptionAsync(new()
                {
                    Message = "Workflow execution timed out",
                    TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose },
                });
            case EventType.WorkflowExecutionTerminated:
                return await TerminatedAsync(closing.WorkflowExecutionTerminatedEventAttributes, converter);
            default:
                throw new InvalidOperationException($"Event {closing.EventType} does not close a workflow.");
        }
    }

    static async Task<Exception> TerminatedAsync(
        WorkflowExecutionTerminatedEventAttributes terminated, DataConverter converter)
    {
        IReadOnlyCollection<Payload>? details = terminated.Details?.Payloads_;
        if (details is not null && converter.PayloadCodec is { } codec)
            details = await codec.DecodeAsync(details);

        var failure = new Failure
        {
            Message = terminated.Reason.Length == 0 ? "Workflow execution terminated" : terminated.Reason,
            TerminatedFailureInfo = new() { Identity = terminated.Identity },
        };
        return new TerminatedFailureException(
            failure, null, details is null ? null : new(converter.PayloadConverter, details));
    }
}
