using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Execution;

namespace Temporalio.Worker.Operations;

/// <summary>A timer, from its command to its firing or its cancellation.</summary>
sealed class TimerOperation : Operation
{
    readonly WorkflowInstance _workflow;
    readonly TaskCompletionSource _fired = new();
    readonly string _id;
    readonly OutgoingCommand _start;
    CancellationTokenRegistration _cancellation;

    public TimerOperation(WorkflowInstance workflow, TimeSpan delay, string? summary, CancellationToken cancellationToken)
    {
        _workflow = workflow;
        _id = workflow.Sequence.NextTimer().ToString();
        _start = workflow.Commands.Add(new(
            this,
            new()
            {
                CommandType = CommandType.StartTimer,
                StartTimerCommandAttributes = new() { TimerId = _id, StartToFireTimeout = Duration.FromTimeSpan(delay) },
                UserMetadata = workflow.UserMetadata(summary, null),
            },
            EventType.TimerStarted,
            $"timer '{_id}'"));
        _cancellation = cancellationToken.Register(() => Cancel(cancellationToken));
    }

    public Task Fired => _fired.Task;

    public override string? Difference(HistoryEvent recorded) => recorded.EventType == EventType.TimerStarted
        ? Differ("the timer's id", recorded.TimerStartedEventAttributes.TimerId, _id)
        : Differ("the timer's id", recorded.TimerCanceledEventAttributes.TimerId, _id);

    public override void OnRecorded(HistoryEvent recorded)
    {
        if (recorded.EventType == EventType.TimerStarted)
            _workflow.Operations.Add(recorded.EventId, this);
        else
            _workflow.Operations.Remove(recorded.TimerCanceledEventAttributes.StartedEventId);
    }

    public override void OnEvent(HistoryEvent happened, ActivationJobs jobs)
    {
        _workflow.Operations.Remove(happened.TimerFiredEventAttributes.StartedEventId);
        jobs.Add(JobOrder.Other, () =>
        {
            _cancellation.Dispose();
            _fired.TrySetResult();
        });
    }

    void Cancel(CancellationToken cancellationToken)
    {
        if (!_fired.TrySetCanceled(cancellationToken))
            return;

        if (!_start.IsSent)
        {
            _workflow.Commands.Withdraw(_start);
            return;
        }

        _workflow.Commands.Add(new(
            this,
            new() { CommandType = CommandType.CancelTimer, CancelTimerCommandAttributes = new() { TimerId = _id } },
            EventType.TimerCanceled,
            $"timer '{_id}'"));
    }
}
