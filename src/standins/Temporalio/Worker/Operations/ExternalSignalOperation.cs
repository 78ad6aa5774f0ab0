using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Execution;

namespace Temporalio.Worker.Operations;

/// <summary>A signal to another workflow. It can be withdrawn as long as it is not sent.</summary>
sealed class ExternalSignalOperation : Operation
{
    readonly WorkflowInstance _workflow;
    readonly TaskCompletionSource _delivered = new();
    readonly SignalExternalWorkflowExecutionCommandAttributes _attributes;
    readonly OutgoingCommand _command;
    readonly CancellationTokenRegistration _cancellation;

    public ExternalSignalOperation(
        WorkflowInstance workflow, SignalExternalWorkflowExecutionCommandAttributes attributes, CancellationToken cancellationToken)
    {
        _workflow = workflow;
        _attributes = attributes;
        _command = workflow.Commands.Add(new(
            this,
            new()
            {
                CommandType = CommandType.SignalExternalWorkflowExecution, SignalExternalWorkflowExecutionCommandAttributes = attributes,
            },
            EventType.SignalExternalWorkflowExecutionInitiated,
            $"signal '{attributes.SignalName}' to workflow '{attributes.Execution.WorkflowId}'"));
        _cancellation = cancellationToken.Register(Cancel);
    }

    public Task Delivered => _delivered.Task;

    public override string? Difference(HistoryEvent recorded)
    {
        var initiated = recorded.SignalExternalWorkflowExecutionInitiatedEventAttributes;
        return Differ("the signal's name", initiated.SignalName, _attributes.SignalName)
            ?? Differ("the workflow's id", initiated.WorkflowExecution.WorkflowId, _attributes.Execution.WorkflowId);
    }

    public override void OnRecorded(HistoryEvent recorded) => _workflow.Operations.Add(recorded.EventId, this);

    public override void OnEvent(HistoryEvent happened, ActivationJobs jobs)
    {
        if (happened.EventType == EventType.ExternalWorkflowExecutionSignaled)
        {
            _workflow.Operations.Remove(happened.ExternalWorkflowExecutionSignaledEventAttributes.InitiatedEventId);
            jobs.Add(JobOrder.Other, () => End(null));
            return;
        }

        var failed = happened.SignalExternalWorkflowExecutionFailedEventAttributes;
        _workflow.Operations.Remove(failed.InitiatedEventId);
        jobs.Add(JobOrder.Other, () => End(new ApplicationFailureException(
            $"Unable to signal external workflow because {FailedCauses.Of(failed.Cause)}", errorType: failed.Cause.ToString())));
    }

    void End(Exception? problem)
    {
        _cancellation.Dispose();
        if (problem is null)
            _delivered.TrySetResult();
        else
            _delivered.TrySetException(problem);
    }

    void Cancel()
    {
        if (_command.IsSent)
            return;

        _workflow.Commands.Withdraw(_command);
        _delivered.TrySetException(new CanceledFailureException("Signal was cancelled before being sent"));
    }
}
