using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>What runs do to each other: parents and children, external signals and cancellations.</summary>
static partial class ChildRules
{
    /// <summary>Starts the child of an Initiated event, or tells the parent why it cannot.</summary>
    public static void Start(EngineTransaction tx, WorkflowRun parent, long initiatedEventId)
    {
        if (!parent.Children.TryGetValue(initiatedEventId, out var child) || child.IsStarted)
            return;
        var initiated = child.Initiated;
        var ns = tx.State.Namespaces.Find(initiated.Namespace) ?? parent.Namespace;
        if (initiatedEventId < parent.ResetEventId && tx.State.Workflows.FindOpen(ns.Id, initiated.WorkflowId) is { } known && IsChildOf(tx, known, parent))
        {
            // Started before the parent was reset to a point at which it had only been asked for.
            Started(tx, parent, ns, child, new() { WorkflowId = known.WorkflowId, RunId = known.FirstRunId });
            WorkflowTaskRules.Wake(tx, parent);
            return;
        }

        if (tx.State.Workflows.FindLatest(ns.Id, initiated.WorkflowId) is { } existing && !StartRules.MayReuse(existing, initiated.WorkflowIdReusePolicy))
        {
            Failed(tx, parent, child);
            return;
        }

        var run = tx.State.Workflows.Create(tx, NewRunOf(parent, ns, child));
        Started(tx, parent, ns, child, run.Execution);
        if (run.FirstTaskDue is null)
            WorkflowTaskRules.Schedule(tx, run);
        WorkflowTaskRules.Wake(tx, parent);
    }

    static void Started(EngineTransaction tx, WorkflowRun parent, NamespaceEntry ns, PendingChild child, WorkflowExecution started) =>
        parent.Add(tx, new()
        {
            ChildWorkflowExecutionStartedEventAttributes = new()
            {
                Namespace = child.Initiated.Namespace,
                NamespaceId = ns.Id,
                InitiatedEventId = child.InitiatedEventId,
                WorkflowExecution = started,
                WorkflowType = child.Initiated.WorkflowType,
                Header = child.Initiated.Header,
            },
        });

    static void Failed(EngineTransaction tx, WorkflowRun parent, PendingChild child)
    {
        parent.Add(tx, new()
        {
            StartChildWorkflowExecutionFailedEventAttributes = new()
            {
                Namespace = child.Initiated.Namespace,
                NamespaceId = child.Initiated.NamespaceId,
                WorkflowId = child.Initiated.WorkflowId,
                WorkflowType = child.Initiated.WorkflowType,
                Cause = StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists,
                InitiatedEventId = child.InitiatedEventId,
            },
        });
        WorkflowTaskRules.Wake(tx, parent);
    }

    static NewRun NewRunOf(WorkflowRun parent, NamespaceEntry ns, PendingChild child)
    {
        var initiated = child.Initiated;
        var runId = Guid.NewGuid().ToString();
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = initiated.WorkflowType,
            ParentWorkflowNamespace = parent.Namespace.Name,
            ParentWorkflowNamespaceId = parent.Namespace.Id,
            ParentWorkflowExecution = parent.Execution,
            ParentInitiatedEventId = child.InitiatedEventId,
            RootWorkflowExecution = parent.Started.RootWorkflowExecution ?? parent.Execution,
            TaskQueue = initiated.TaskQueue,
            Input = initiated.Input,
            WorkflowExecutionTimeout = initiated.WorkflowExecutionTimeout,
            WorkflowRunTimeout = initiated.WorkflowRunTimeout,
            WorkflowTaskTimeout = initiated.WorkflowTaskTimeout,
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = runId,
            RetryPolicy = initiated.RetryPolicy,
            Attempt = 1,
            CronSchedule = initiated.CronSchedule,
            Memo = initiated.Memo,
            SearchAttributes = initiated.SearchAttributes,
            Header = initiated.Header,
            WorkflowId = initiated.WorkflowId,
            Priority = initiated.Priority,
        };
        return new(ns, initiated.WorkflowId, runId, started) { UserMetadata = parent.UserMetadataOf(child.InitiatedEventId) };
    }

    /// <summary>Tells an open parent, or what it was reset to, how its child ended.</summary>
    public static void NotifyParent(EngineTransaction tx, WorkflowRun run, HistoryEvent closing)
    {
        if (run.Started.ParentWorkflowExecution is not { } parentExecution)
            return;
        var parent = tx.State.Workflows.FindReset(run.Started.ParentWorkflowNamespaceId, parentExecution.WorkflowId, parentExecution.RunId);
        if (parent is null || !parent.Children.TryGetValue(run.Started.ParentInitiatedEventId, out var child) ||
            child.Initiated.WorkflowId != run.WorkflowId || (child.IsStarted && child.RunId != run.FirstRunId))
            return;
        parent.Add(tx, ChildEnd.Of(run, child, closing));
        WorkflowTaskRules.Wake(tx, parent);
    }

    /// <summary>What happens to the children of a run that has ended.</summary>
    public static void ApplyParentClosePolicies(EngineTransaction tx, WorkflowRun parent)
    {
        foreach (var child in parent.Children.Values.Where(child => child.IsStarted))
        {
            var ns = tx.State.Namespaces.Find(child.Initiated.Namespace) ?? parent.Namespace;
            var run = tx.State.Workflows.FindOpen(ns.Id, child.Initiated.WorkflowId);
            if (run is null || run.FirstRunId != child.RunId)
                continue;
            if (child.Initiated.ParentClosePolicy == ParentClosePolicy.Terminate)
                ClosingRules.Terminate(tx, run, "by parent close policy", null, ClosingRules.Server);
            else if (child.Initiated.ParentClosePolicy == ParentClosePolicy.RequestCancel)
                SignalRules.RequestCancel(tx, run, "", ClosingRules.Server, "", parent.Execution, 0, []);
        }
    }

    public static void SignalExternal(EngineTransaction tx, WorkflowRun sender, long initiatedEventId, SignalExternalWorkflowExecutionInitiatedEventAttributes signal)
    {
        if (!sender.PendingExternalSignals.Contains(initiatedEventId) || !sender.IsOpen)
            return;
        var target = FindTarget(tx, sender, signal.Namespace, signal.WorkflowExecution);
        // A workflow cannot reach itself this way, nor one that has ended.
        if (target is null || ReferenceEquals(target, sender) || (signal.ChildWorkflowOnly && !IsChildOf(tx, target, sender)))
        {
            sender.Add(tx, new()
            {
                SignalExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    Namespace = signal.Namespace,
                    NamespaceId = signal.NamespaceId,
                    WorkflowExecution = signal.WorkflowExecution,
                    InitiatedEventId = initiatedEventId,
#pragma warning disable CS0612 // Deprecated, and still part of the recorded histories.
                    Control = signal.Control,
                },
            });
        }
        else
        {
            SignalRules.Signal(tx, target, new()
            {
                SignalName = signal.SignalName,
                Input = signal.Input,
                Header = signal.Header,
                Identity = ClosingRules.Server,
                ExternalWorkflowExecution = sender.Execution,
            }, Guid.NewGuid().ToString(), []);
            sender.Add(tx, new()
            {
                ExternalWorkflowExecutionSignaledEventAttributes = new()
                {
                    InitiatedEventId = initiatedEventId,
                    Namespace = signal.Namespace,
                    NamespaceId = signal.NamespaceId,
                    WorkflowExecution = signal.WorkflowExecution,
                    Control = signal.Control,
                },
            });
#pragma warning restore CS0612
        }

        WorkflowTaskRules.Wake(tx, sender);
    }

    public static void CancelExternal(
        EngineTransaction tx, WorkflowRun sender, long initiatedEventId, RequestCancelExternalWorkflowExecutionInitiatedEventAttributes cancel)
    {
        if (!sender.PendingExternalCancels.Contains(initiatedEventId) || !sender.IsOpen)
            return;
        var target = FindTarget(tx, sender, cancel.Namespace, cancel.WorkflowExecution);
        var ended = target is null && Exists(tx, sender, cancel.Namespace, cancel.WorkflowExecution);
        if ((target is null && !ended) || ReferenceEquals(target, sender) || (cancel.ChildWorkflowOnly && target is not null && !IsChildOf(tx, target, sender)))
        {
            sender.Add(tx, new()
            {
                RequestCancelExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    Namespace = cancel.Namespace,
                    NamespaceId = cancel.NamespaceId,
                    WorkflowExecution = cancel.WorkflowExecution,
                    InitiatedEventId = initiatedEventId,
                },
            });
        }
        else
        {
            // One that has ended is cancelled enough.
            if (target is not null)
                SignalRules.RequestCancel(tx, target, cancel.Reason, ClosingRules.Server, "", sender.Execution, initiatedEventId, []);
            sender.Add(tx, new()
            {
                ExternalWorkflowExecutionCancelRequestedEventAttributes = new()
                {
                    InitiatedEventId = initiatedEventId,
                    Namespace = cancel.Namespace,
                    NamespaceId = cancel.NamespaceId,
                    WorkflowExecution = cancel.WorkflowExecution,
                },
            });
        }

        WorkflowTaskRules.Wake(tx, sender);
    }

    static WorkflowRun? FindTarget(EngineTransaction tx, WorkflowRun sender, string ns, WorkflowExecution execution)
    {
        var target = tx.State.Namespaces.Find(ns) ?? sender.Namespace;
        var open = tx.State.Workflows.FindOpen(target.Id, execution.WorkflowId);
        return open is not null && (execution.RunId.Length == 0 || execution.RunId == open.RunId) ? open : null;
    }

    static bool Exists(EngineTransaction tx, WorkflowRun sender, string ns, WorkflowExecution execution)
    {
        var target = tx.State.Namespaces.Find(ns) ?? sender.Namespace;
        return tx.State.Workflows.FindStored(target.Id, execution.WorkflowId, execution.RunId) is not null;
    }

    /// <summary>Also after a reset of the parent.</summary>
    static bool IsChildOf(EngineTransaction tx, WorkflowRun target, WorkflowRun parent) =>
        target.Started.ParentWorkflowExecution is { } execution && execution.WorkflowId == parent.WorkflowId
        && ReferenceEquals(tx.State.Workflows.FindReset(parent.Namespace.Id, execution.WorkflowId, execution.RunId), parent);
}
