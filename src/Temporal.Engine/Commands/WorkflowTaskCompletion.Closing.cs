using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>The commands that end the run.</summary>
sealed partial class WorkflowTaskCompletion
{
    /// <summary>A run may not end before its worker has seen everything that happened.</summary>
    void CheckNoNews()
    {
        if (_hasNews)
            throw WorkflowTaskRefused.UnhandledCommand();
    }

    HistoryEvent Complete(CompleteWorkflowExecutionCommandAttributes attributes)
    {
        CheckNoNews();
        CheckSet(attributes, WorkflowTaskFailedCause.BadCompleteWorkflowExecutionAttributes, "CompleteWorkflowExecution");
        // Of all causes that of a bad activity: what the real server says, and clients may look for.
        CheckBlob(
            attributes.Result, WorkflowTaskFailedCause.BadScheduleActivityAttributes,
            "CompleteWorkflowExecutionCommandAttributes.Result exceeds size limit.");
        var next = NewRun.Cron(_tx, _run, attributes.Result, null);
        return ClosingRules.Close(_tx, _run, new()
        {
            WorkflowExecutionCompletedEventAttributes = new()
            {
                Result = attributes.Result,
                WorkflowTaskCompletedEventId = _completedEventId,
                NewExecutionRunId = next?.RunId ?? "",
            },
        }, next);
    }

    HistoryEvent FailWorkflow(FailWorkflowExecutionCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes;
        CheckNoNews();
        CheckSet(attributes, cause, "FailWorkflowExecution");
        if (attributes.Failure is null)
            throw new WorkflowTaskRefused(cause, "Failure is not set on FailWorkflowExecutionCommand.");
        CheckBlob(attributes.Failure, cause, "FailWorkflowExecutionCommandAttributes.Failure exceeds size limit.");
        var (state, wait) = ClosingRules.Retry(_run, attributes.Failure, _tx.Now);
        var next = state == RetryState.InProgress
            ? NewRun.Retry(_tx, _run, wait, attributes.Failure)
            : NewRun.Cron(_tx, _run, null, attributes.Failure);
        return ClosingRules.Close(_tx, _run, new()
        {
            WorkflowExecutionFailedEventAttributes = new()
            {
                Failure = attributes.Failure,
                RetryState = state,
                WorkflowTaskCompletedEventId = _completedEventId,
                NewExecutionRunId = next?.RunId ?? "",
            },
        }, next);
    }

    HistoryEvent CancelWorkflow(CancelWorkflowExecutionCommandAttributes attributes)
    {
        CheckNoNews();
        CheckSet(attributes, WorkflowTaskFailedCause.BadCancelWorkflowExecutionAttributes, "CancelWorkflowExecution");
        return ClosingRules.Close(_tx, _run, new()
        {
            WorkflowExecutionCanceledEventAttributes = new()
            {
                WorkflowTaskCompletedEventId = _completedEventId,
                Details = attributes.Details,
            },
        });
    }

    HistoryEvent ContinueAsNew(ContinueAsNewWorkflowExecutionCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadContinueAsNewAttributes;
        CheckNoNews();
        CheckSet(attributes, cause, "ContinueAsNewWorkflowExecution");
        var type = attributes.WorkflowType?.Name is { Length: > 0 } name ? name : _run.Started.WorkflowType.Name;
        CheckId(cause, "WorkflowType", "ContinueAsNewWorkflowExecutionCommand", type);
        var queue = QueueOrOwn(attributes.TaskQueue);
        var where = $"WorkflowType={type} TaskQueue={TextOf(queue)}";
        if (StartValidation.ProblemOfWork(queue, _run.Started.TaskQueue.Name) is { } bad)
            throw new WorkflowTaskRefused(cause, $"error validating ContinueAsNewWorkflowExecutionCommand TaskQueue: {bad}. {where}");
        CheckTimeout("WorkflowRunTimeout", attributes.WorkflowRunTimeout);
        CheckTimeout("WorkflowTaskTimeout", attributes.WorkflowTaskTimeout);
        CheckTimeout("BackoffStartInterval", attributes.BackoffStartInterval);
        if (attributes.RetryPolicy is not null && RetryRules.Problem(RetryRules.WithDefaults(attributes.RetryPolicy)) is { } retry)
            throw new WorkflowTaskRefused(cause, $"invalid WorkflowRetryPolicy on ContinueAsNewWorkflowExecutionCommand: {retry}. {where}");
        if (attributes.SearchAttributes is not null && SearchAttributeRules.Problem(_run.Namespace, attributes.SearchAttributes) is { } field)
        {
            throw new WorkflowTaskRefused(
                WorkflowTaskFailedCause.BadSearchAttributes,
                $"invalid SearchAttributes on ContinueAsNewWorkflowExecutionCommand: {field}. {where}");
        }

        CheckBlob(attributes.Input, cause, "ContinueAsNewWorkflowExecutionCommandAttributes. Input exceeds size limit.");
        CheckBlob(attributes.Memo, cause, "ContinueAsNewWorkflowExecutionCommandAttributes. Memo exceeds size limit.");
        CheckSearchAttributes(attributes.SearchAttributes, cause);
        var next = NewRun.ContinueAsNew(_tx, _run, type, attributes);
        var started = next.Started;
        return ClosingRules.Close(_tx, _run, new()
        {
            WorkflowExecutionContinuedAsNewEventAttributes = new()
            {
                NewExecutionRunId = next.RunId,
                WorkflowType = started.WorkflowType,
                TaskQueue = started.TaskQueue,
                Input = attributes.Input,
                WorkflowRunTimeout = started.WorkflowRunTimeout,
                WorkflowTaskTimeout = started.WorkflowTaskTimeout,
                WorkflowTaskCompletedEventId = _completedEventId,
                BackoffStartInterval = started.FirstWorkflowTaskBackoff,
                Initiator = attributes.Initiator,
                LastCompletionResult = attributes.LastCompletionResult,
                Header = attributes.Header,
                Memo = attributes.Memo,
                SearchAttributes = started.SearchAttributes,
#pragma warning disable CS0612 // Deprecated, and still part of the recorded histories.
                InheritBuildId = attributes.InheritBuildId,
#pragma warning restore CS0612
            },
        }, next);

        void CheckTimeout(string name, Duration? timeout)
        {
            if (Durations.Problem(timeout) is { } problem)
                throw new WorkflowTaskRefused(cause, $"Invalid {name} on ContinueAsNewWorkflowExecutionCommand: {problem}. {where}");
        }
    }
}
