using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker.Operations;

/// <summary>
/// One stretch of a local activity: attempts inside the workflow task until it ends, or until a wait is so long that it becomes a
/// timer of the workflow (<see cref="Backoff"/>). Its result is a marker in history.
/// </summary>
#pragma warning disable CA1001 // a token source without a timer holds nothing that needs disposal
sealed class LocalActivityOperation : Operation
#pragma warning restore CA1001
{
    readonly WorkflowInstance _workflow;
    readonly TaskCompletionSource<Payload?> _result = new();
    readonly CancellationTokenRegistration _cancellation;

    public LocalActivityOperation(
        WorkflowInstance workflow,
        ScheduleLocalActivityInput input,
        Payloads arguments,
        int attempt,
        DateTime? originalScheduleTime,
        CancellationToken cancellationToken)
    {
        _workflow = workflow;
        Input = input;
        Arguments = arguments;
        Attempt = attempt;
        OriginalScheduleTime = originalScheduleTime;
        Sequence = workflow.Sequence.NextActivity();
        Id = input.Options.ActivityId ?? Sequence.ToString();
        workflow.LocalActivities.Add(this);
        _cancellation = cancellationToken.Register(Cancel);
    }

    public ScheduleLocalActivityInput Input { get; }

    public Payloads Arguments { get; }

    public int Sequence { get; }

    public string Id { get; }

    /// <summary>The first attempt of this stretch.</summary>
    public int Attempt { get; }

    public DateTime? OriginalScheduleTime { get; }

    /// <summary>Cancelled when the running code is to stop.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The running code, once it was started.</summary>
    public Task<LocalActivityMarker>? Execution { get; set; }

    /// <summary>The result. Fails with the activity's failure.</summary>
    public Task<Payload?> Result => _result.Task;

    /// <summary>The wait that is due before the next stretch, and its first attempt, when the result is not the end.</summary>
    public (TimeSpan Wait, int NextAttempt, DateTime OriginalScheduleTime)? Backoff { get; private set; }

    public override string? Difference(HistoryEvent recorded) => LocalActivityMarker.Read(recorded) is { } marker
        ? Differ("the local activity's number", marker.Data.Sequence.ToString(), Sequence.ToString())
          ?? Differ("the local activity's id", marker.Data.ActivityId, Id)
          ?? Differ("the local activity's type", marker.Data.ActivityType, Input.Activity)
        : "another kind of marker";

    /// <summary>It ended, now or as its marker says.</summary>
    public void Resolve(LocalActivityMarker marker)
    {
        _cancellation.Dispose();
        _workflow.LocalActivities.Remove(this);
        _workflow.Commands.Add(new(this, marker.ToCommand(), EventType.MarkerRecorded, $"local activity '{Input.Activity}', id '{Id}'"));
        if (marker.Data.CompleteTime is { } completed)
            _workflow.Task.AdvanceTo(completed.ToDateTime());

        if (marker.Data.Backoff is { } backoff)
        {
            Backoff = (
                backoff.ToTimeSpan(), marker.Data.Attempt + 1, marker.Data.OriginalScheduleTime?.ToDateTime() ?? _workflow.Task.UtcNow);
            _result.TrySetResult(null);
        }
        else if (marker.Failure is { } failure)
        {
            _result.TrySetException(_workflow.ToException(Wrap(failure)));
        }
        else
        {
            _result.TrySetResult(marker.Result);
        }
    }

    void Cancel()
    {
        if (_result.Task.IsCompleted)
            return;

        if (Input.Options.CancellationType != ActivityCancellationType.Abandon)
            _ = Stop.CancelAsync();
        if (Input.Options.CancellationType == ActivityCancellationType.WaitCancellationCompleted)
            return;

        Resolve(new(
            Data(Attempt, null, null),
            null,
            new() { Message = "Activity cancelled", Source = WorkflowInstance.FailureSource, CanceledFailureInfo = new() }));
    }

    /// <summary>The marker's data for an end of this stretch.</summary>
    public LocalActivityMarker.MarkerData Data(int attempt, TimeSpan? backoff, DateTime? completed) => new(
        Sequence,
        attempt,
        Id,
        Input.Activity,
        completed is { } at ? LocalActivityMarker.Moment.Of(at) : LocalActivityMarker.Moment.Of(_workflow.Task.UtcNow),
        backoff is { } wait ? LocalActivityMarker.Moment.Of(wait) : null,
        LocalActivityMarker.Moment.Of(OriginalScheduleTime ?? _workflow.Task.UtcNow));

    // As in the official SDKs, the activity's own failure reaches the workflow as it is; only cancellation and timeouts are wrapped.
    Api.Failure.V1.Failure Wrap(Api.Failure.V1.Failure failure)
    {
        if (failure.CanceledFailureInfo is null && failure.TimeoutFailureInfo is null)
            return failure;

        return new()
        {
            Message = failure.CanceledFailureInfo is null ? "Local Activity timed out" : "Local Activity cancelled",
            Cause = failure,
            ActivityFailureInfo = new()
            {
                ActivityId = Id, ActivityType = new() { Name = Input.Activity }, RetryState = RetryState.CancelRequested,
            },
        };
    }
}
