using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Operations;

/// <summary>An activity that the server hands to a worker.</summary>
sealed class ActivityOperation : Operation
{
    readonly WorkflowInstance _workflow;
    readonly TaskCompletionSource<Payload?> _result = new();
    readonly string _id;
    readonly string _type;
    readonly ActivityCancellationType _cancellationType;
    readonly OutgoingCommand _schedule;
    readonly CancellationTokenRegistration _cancellation;
    long _scheduledEventId;
    long _startedEventId;
    string _identity = string.Empty;

    public ActivityOperation(WorkflowInstance workflow, ScheduleActivityInput input, CancellationToken cancellationToken)
    {
        _workflow = workflow;
        _type = input.Activity;
        _cancellationType = input.Options.CancellationType;
        var sequence = workflow.Sequence.NextActivity();
        _id = input.Options.ActivityId ?? sequence.ToString();
        _schedule = workflow.Commands.Add(new(
            this,
            new()
            {
                CommandType = CommandType.ScheduleActivityTask,
                ScheduleActivityTaskCommandAttributes = CommandAttributes.Of(workflow, _id, input),
                UserMetadata = workflow.UserMetadata(input.Options.Summary, null),
            },
            EventType.ActivityTaskScheduled,
            $"activity '{_type}', id '{_id}'"));
        _cancellation = cancellationToken.Register(Cancel);
    }

    /// <summary>The result; null when the activity has none. Fails with the activity's failure.</summary>
    public Task<Payload?> Result => _result.Task;

    public override string? Difference(HistoryEvent recorded) => recorded.EventType == EventType.ActivityTaskScheduled
        ? Differ("the activity's id", recorded.ActivityTaskScheduledEventAttributes.ActivityId, _id)
          ?? Differ("the activity's type", recorded.ActivityTaskScheduledEventAttributes.ActivityType.Name, _type)
        : Differ(
            "the activity's scheduling event",
            recorded.ActivityTaskCancelRequestedEventAttributes.ScheduledEventId.ToString(),
            _scheduledEventId.ToString());

    public override void OnRecorded(HistoryEvent recorded)
    {
        if (recorded.EventType != EventType.ActivityTaskScheduled)
            return;

        _scheduledEventId = recorded.EventId;
        _workflow.Operations.Add(recorded.EventId, this);
    }

    public override void OnEvent(HistoryEvent happened, ActivationJobs jobs)
    {
        if (happened.EventType == EventType.ActivityTaskStarted)
        {
            _startedEventId = happened.EventId;
            _identity = happened.ActivityTaskStartedEventAttributes.Identity;
            return;
        }

        _workflow.Operations.Remove(_scheduledEventId);
        jobs.Add(JobOrder.Other, () => Resolve(happened));
    }

    void Resolve(HistoryEvent happened)
    {
        _cancellation.Dispose();
        switch (happened.EventType)
        {
            case EventType.ActivityTaskCompleted:
                _result.TrySetResult(happened.ActivityTaskCompletedEventAttributes.Result?.Payloads_.FirstOrDefault());
                break;
            case EventType.ActivityTaskFailed:
                var failed = happened.ActivityTaskFailedEventAttributes;
                Fail("Activity task failed", failed.Failure, failed.RetryState);
                break;
            case EventType.ActivityTaskTimedOut:
                var timedOut = happened.ActivityTaskTimedOutEventAttributes;
                Fail("Activity task timed out", timedOut.Failure, timedOut.RetryState);
                break;
            default:
                FailCancelled(happened.ActivityTaskCanceledEventAttributes.Details);
                break;
        }
    }

    void Cancel()
    {
        if (_result.Task.IsCompleted)
            return;

        if (!_schedule.IsSent)
        {
            _workflow.Commands.Withdraw(_schedule);
            FailCancelled(null);
            return;
        }

        if (_cancellationType != ActivityCancellationType.Abandon)
        {
            _workflow.Commands.Add(new(
                this,
                new()
                {
                    CommandType = CommandType.RequestCancelActivityTask,
                    RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = _scheduledEventId },
                },
                EventType.ActivityTaskCancelRequested,
                $"activity '{_type}', id '{_id}'"));
        }

        if (_cancellationType != ActivityCancellationType.WaitCancellationCompleted)
            FailCancelled(null);
    }

    void FailCancelled(Payloads? details) => Fail(
        "Activity cancelled",
        new()
        {
            Message = "Activity cancelled", Source = WorkflowInstance.FailureSource, CanceledFailureInfo = new() { Details = details },
        },
        RetryState.CancelRequested);

    void Fail(string message, Failure cause, RetryState retryState) => _result.TrySetException(_workflow.ToException(new()
    {
        Message = message,
        Cause = cause,
        ActivityFailureInfo = new()
        {
            ScheduledEventId = _scheduledEventId,
            StartedEventId = _startedEventId,
            Identity = _identity,
            ActivityType = new() { Name = _type },
            ActivityId = _id,
            RetryState = retryState,
        },
    }));
}
