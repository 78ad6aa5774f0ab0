using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Worker.Operations;

/// <summary>A request to another workflow, or to a child, to stop.</summary>
sealed class ExternalCancelOperation : Operation
{
    readonly WorkflowInstance _workflow;
    readonly TaskCompletionSource _delivered = new();
    readonly CancelExternalWorkflowInput _target;
    readonly bool _isChild;

    public ExternalCancelOperation(WorkflowInstance workflow, CancelExternalWorkflowInput target, bool isChild)
    {
        _workflow = workflow;
        _target = target;
        _isChild = isChild;
        workflow.Commands.Add(new(
            this,
            new()
            {
                CommandType = CommandType.RequestCancelExternalWorkflowExecution,
                RequestCancelExternalWorkflowExecutionCommandAttributes = new()
                {
                    WorkflowId = target.Id,
                    RunId = target.RunId ?? string.Empty,
                    ChildWorkflowOnly = isChild,

                    // The official SDKs' text; the API has no reason of its own yet.
                    Reason = isChild ? string.Empty : $"Cancel requested by workflow with run id {workflow.Info.RunId} with reason: ",
                },
            },
            EventType.RequestCancelExternalWorkflowExecutionInitiated,
            $"workflow '{target.Id}'"));
    }

    public Task Delivered => _delivered.Task;

    public override string? Difference(HistoryEvent recorded) => Differ(
        "the workflow's id",
        recorded.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes.WorkflowExecution.WorkflowId,
        _target.Id);

    public override void OnRecorded(HistoryEvent recorded) => _workflow.Operations.Add(recorded.EventId, this);

    public override void OnEvent(HistoryEvent happened, ActivationJobs jobs)
    {
        if (happened.EventType == EventType.ExternalWorkflowExecutionCancelRequested)
        {
            _workflow.Operations.Remove(happened.ExternalWorkflowExecutionCancelRequestedEventAttributes.InitiatedEventId);
            jobs.Add(JobOrder.Other, () => _delivered.TrySetResult());
            return;
        }

        var failed = happened.RequestCancelExternalWorkflowExecutionFailedEventAttributes;
        _workflow.Operations.Remove(failed.InitiatedEventId);

        // A child that is gone has an end of its own in the history; nobody waits for this failure then.
        if (!_isChild)
        {
            jobs.Add(JobOrder.Other, () => _delivered.TrySetException(new ApplicationFailureException(
                $"Unable to cancel external workflow because {FailedCauses.Of(failed.Cause)}", errorType: failed.Cause.ToString())));
        }
    }
}
