using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using TaskQueueMessage = Temporalio.Api.TaskQueue.V1.TaskQueue;

namespace Temporal.Engine;

/// <summary>Children, external signals and cancellations: the event now, the effect on the other run right after this command.</summary>
sealed partial class WorkflowTaskCompletion
{
    HistoryEvent StartChild(StartChildWorkflowExecutionCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadStartChildExecutionAttributes;
        CheckSet(attributes, cause, "StartChildWorkflowExecution");
#pragma warning disable CS0612 // Deprecated, and still what says another namespace.
        var target = Target(attributes.Namespace, cause);
#pragma warning restore CS0612
        var (id, type) = (attributes.WorkflowId, attributes.WorkflowType?.Name ?? "");
        if (id.Length == 0)
            throw new WorkflowTaskRefused(
                cause,
                $"Required field WorkflowId is not set on StartChildWorkflowExecutionCommand. WorkflowType={type} Namespace={target.Name}");
        if (type.Length == 0)
            throw new WorkflowTaskRefused(
                cause,
                $"Required field WorkflowType is not set on StartChildWorkflowExecutionCommand. WorkflowId={id} Namespace={target.Name}");
        CheckId(
            cause, "WorkflowId", "StartChildWorkflowExecutionCommand", id,
            $"WorkflowId={id} {LengthText(id)} WorkflowType={type} Namespace={target.Name}");
        CheckId(
            cause, "WorkflowType", "StartChildWorkflowExecutionCommand", type,
            $"WorkflowId={id} WorkflowType={type} {LengthText(type)} Namespace={target.Name}");
        CheckChild(attributes, cause, target, id, type);
        var times = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowExecutionTimeout = attributes.WorkflowExecutionTimeout,
            WorkflowRunTimeout = attributes.WorkflowRunTimeout,
            WorkflowTaskTimeout = attributes.WorkflowTaskTimeout,
        };
        StartTimeouts.Normalize(times);
        var written = _run.Add(_tx, new()
        {
            StartChildWorkflowExecutionInitiatedEventAttributes = new()
            {
                Namespace = target.Name,
                NamespaceId = target.Id,
                WorkflowId = id,
                WorkflowType = attributes.WorkflowType,
                TaskQueue = QueueOrOwn(attributes.TaskQueue),
                Input = attributes.Input,
                WorkflowExecutionTimeout = times.WorkflowExecutionTimeout,
                WorkflowRunTimeout = times.WorkflowRunTimeout,
                WorkflowTaskTimeout = times.WorkflowTaskTimeout,
                ParentClosePolicy = attributes.ParentClosePolicy == ParentClosePolicy.Unspecified
                    ? ParentClosePolicy.Terminate
                    : attributes.ParentClosePolicy,
                WorkflowTaskCompletedEventId = _completedEventId,
                WorkflowIdReusePolicy = attributes.WorkflowIdReusePolicy == WorkflowIdReusePolicy.Unspecified
                    ? WorkflowIdReusePolicy.AllowDuplicate
                    : attributes.WorkflowIdReusePolicy,
                RetryPolicy = attributes.RetryPolicy is null ? null : RetryRules.WithDefaults(attributes.RetryPolicy),
                CronSchedule = attributes.CronSchedule,
                Header = attributes.Header,
                Memo = attributes.Memo,
                SearchAttributes = SearchAttributeRules.Typed(target, attributes.SearchAttributes),
                Priority = attributes.Priority,
#pragma warning disable CS0612 // Deprecated, and still part of the recorded histories.
                Control = attributes.Control,
                InheritBuildId = attributes.InheritBuildId,
#pragma warning restore CS0612
            },
        });
        _childrenOfThisTask.Add(id);
        _tx.Defer(() => ChildRules.Start(_tx, _run, written.EventId));
        return written;
    }

    void CheckChild(
        StartChildWorkflowExecutionCommandAttributes attributes, WorkflowTaskFailedCause cause, NamespaceEntry target, string id,
        string type)
    {
        var where = $"WorkflowId={id} WorkflowType={type} Namespace={target.Name}";
        foreach (var (name, duration) in new[]
        {
            ("WorkflowExecutionTimeout", attributes.WorkflowExecutionTimeout), ("WorkflowRunTimeout", attributes.WorkflowRunTimeout),
            ("WorkflowTaskTimeout", attributes.WorkflowTaskTimeout),
        })
        {
            if (Durations.Problem(duration) is { } problem)
                throw new WorkflowTaskRefused(cause, $"Invalid {name} on StartChildWorkflowExecutionCommand: {problem}. {where}");
        }

        if (attributes.RetryPolicy is not null && RetryRules.Problem(RetryRules.WithDefaults(attributes.RetryPolicy)) is { } retry)
            throw new WorkflowTaskRefused(cause, $"invalid WorkflowRetryPolicy on StartChildWorkflowExecutionCommand: {retry}. {where}");
        if (attributes.CronSchedule.Length > 0 && CronSchedule.Parse(attributes.CronSchedule) is null)
            throw new WorkflowTaskRefused(
                cause, $"invalid CronSchedule on StartChildWorkflowExecutionCommand: invalid CronSchedule.. {where}");
        if (attributes.SearchAttributes is not null && SearchAttributeRules.Problem(target, attributes.SearchAttributes) is { } bad)
            throw new WorkflowTaskRefused(
                WorkflowTaskFailedCause.BadSearchAttributes, $"invalid SearchAttributes on StartChildWorkflowCommand: {bad}. {where}");
        if (StartValidation.Problem(attributes.Priority) is { } priority)
            throw new WorkflowTaskRefused(cause, priority);
        var queue = QueueOrOwn(attributes.TaskQueue);
        if (StartValidation.ProblemOfWork(queue, _run.Started.TaskQueue.Name) is { } problemOfQueue)
        {
            throw new WorkflowTaskRefused(
                cause, $"invalid TaskQueue on StartChildWorkflowExecutionCommand: {problemOfQueue}. {where} TaskQueue={TextOf(queue)}");
        }

        CheckBlob(attributes.Input, cause, "StartChildWorkflowExecutionCommandAttributes. Input exceeds size limit.");
        CheckBlob(attributes.Memo, cause, "StartChildWorkflowExecutionCommandAttributes.Memo exceeds size limit.");
        CheckSearchAttributes(attributes.SearchAttributes, cause);
        if (_run.Children.Count >= HistoryLimits.Pending)
        {
            throw new WorkflowTaskRefused(
                WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded,
                $"the number of pending child workflow executions, {_run.Children.Count}, has reached the per-workflow limit "
                    + $"of {HistoryLimits.Pending}");
        }
    }

    /// <summary>A namespace that does not exist leaves no event: the worker is told and its task stays open.</summary>
    NamespaceEntry Target(string name, WorkflowTaskFailedCause cause)
    {
        var target = name.Length == 0 ? _run.Namespace : _tx.State.Namespaces.Get(name);
        return target.Id == _run.Namespace.Id ? target : throw new WorkflowTaskRefused(cause, "cross namespace commands are not allowed");
    }

    HistoryEvent SignalExternal(SignalExternalWorkflowExecutionCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes;
        CheckSet(attributes, cause, "SignalExternalWorkflowExecution");
        if (attributes.Execution is null)
            throw new WorkflowTaskRefused(cause, "Execution is not set on SignalExternalWorkflowExecutionCommand.");
#pragma warning disable CS0612 // Deprecated, and still what says another namespace.
        var target = Target(attributes.Namespace, cause);
        var control = attributes.Control;
        var named = attributes.Namespace;
#pragma warning restore CS0612
        var execution = attributes.Execution;
        var where = $"Namespace={named} RunId={execution.RunId} SignalName={attributes.SignalName}";
        if (execution.WorkflowId.Length == 0)
            throw new WorkflowTaskRefused(cause, $"WorkflowId is not set on SignalExternalWorkflowExecutionCommand. {where}");
        CheckId(
            cause, "WorkflowId", "SignalExternalWorkflowExecutionCommand", execution.WorkflowId,
            $"WorkflowId={execution.WorkflowId} {LengthText(execution.WorkflowId)} {where}");
        CheckRunId(
            cause, "SignalExternalWorkflowExecutionCommand", execution.RunId,
            $"WorkflowId={execution.WorkflowId} {where}");
        if (attributes.SignalName.Length == 0)
            throw new WorkflowTaskRefused(
                cause,
                $"SignalName is not set on SignalExternalWorkflowExecutionCommand. WorkflowId={execution.WorkflowId} Namespace={named} "
                    + $"RunId={execution.RunId}");
        CheckPending(
            _run.PendingExternalSignals.Count, WorkflowTaskFailedCause.PendingSignalsLimitExceeded, "signals to external workflows");
        CheckBlob(attributes.Input, cause, "SignalExternalWorkflowExecutionCommandAttributes.Input exceeds size limit.");
        var signal = new SignalExternalWorkflowExecutionInitiatedEventAttributes
        {
            WorkflowTaskCompletedEventId = _completedEventId,
            Namespace = target.Name,
            NamespaceId = target.Id,
            WorkflowExecution = execution,
            SignalName = attributes.SignalName,
            Input = attributes.Input,
            ChildWorkflowOnly = attributes.ChildWorkflowOnly,
            Header = attributes.Header,
#pragma warning disable CS0612
            Control = control,
#pragma warning restore CS0612
        };
        var written = _run.Add(_tx, new() { SignalExternalWorkflowExecutionInitiatedEventAttributes = signal });
        _tx.Defer(() => ChildRules.SignalExternal(_tx, _run, written.EventId, signal));
        return written;
    }

    TaskQueueMessage QueueOrOwn(TaskQueueMessage? queue) =>
        new() { Name = queue?.Name is { Length: > 0 } name ? name : _run.Started.TaskQueue.Name, Kind = TaskQueueKind.Normal };

    /// <summary>The text form of the message, which is part of the real server's errors.</summary>
    static string TextOf(TaskQueueMessage queue) => $"name:\"{queue.Name}\"  kind:TASK_QUEUE_KIND_NORMAL";

    static void CheckRunId(WorkflowTaskFailedCause cause, string command, string runId, string target)
    {
        if (runId.Length > 0 && !Guid.TryParse(runId, out _))
            throw new WorkflowTaskRefused(cause, $"Invalid RunId set on {command}. {target}");
    }

    static void CheckPending(int count, WorkflowTaskFailedCause cause, string what)
    {
        if (count >= HistoryLimits.Pending)
            throw new WorkflowTaskRefused(
                cause, $"the number of pending {what}, {count}, has reached the per-workflow limit of {HistoryLimits.Pending}");
    }

    HistoryEvent CancelExternal(RequestCancelExternalWorkflowExecutionCommandAttributes attributes)
    {
        const WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes;
        CheckSet(attributes, cause, "RequestCancelExternalWorkflowExecution");
#pragma warning disable CS0612 // Deprecated, and still what says another namespace.
        var target = Target(attributes.Namespace, cause);
        var named = attributes.Namespace;
#pragma warning restore CS0612
        if (attributes.WorkflowId.Length == 0)
            throw new WorkflowTaskRefused(
                cause,
                $"WorkflowId is not set on RequestCancelExternalWorkflowExecutionCommand. Namespace={named} RunId={attributes.RunId}");
        CheckId(
            cause, "WorkflowId", "RequestCancelExternalWorkflowExecutionCommand", attributes.WorkflowId,
            $"WorkflowId={attributes.WorkflowId} {LengthText(attributes.WorkflowId)} RunId={attributes.RunId} Namespace={named}");
        CheckRunId(
            cause, "RequestCancelExternalWorkflowExecutionCommand", attributes.RunId,
            $"WorkflowId={attributes.WorkflowId} RunId={attributes.RunId} Namespace={named}");
        if (_childrenOfThisTask.Contains(attributes.WorkflowId))
        {
            throw new WorkflowTaskRefused(
                cause,
                $"Start and RequestCancel for child workflow is not allowed in same workflow task. WorkflowId={attributes.WorkflowId} "
                    + $"RunId={attributes.RunId} Namespace={named}");
        }

        CheckPending(
            _run.PendingExternalCancels.Count, WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded,
            "requests to cancel external workflows");
        var cancel = new RequestCancelExternalWorkflowExecutionInitiatedEventAttributes
        {
            WorkflowTaskCompletedEventId = _completedEventId,
            Namespace = target.Name,
            NamespaceId = target.Id,
            WorkflowExecution = new() { WorkflowId = attributes.WorkflowId, RunId = attributes.RunId },
            ChildWorkflowOnly = attributes.ChildWorkflowOnly,
            Reason = attributes.Reason,
        };
        var written = _run.Add(_tx, new() { RequestCancelExternalWorkflowExecutionInitiatedEventAttributes = cancel });
        _tx.Defer(() => ChildRules.CancelExternal(_tx, _run, written.EventId, cancel));
        return written;
    }
}
