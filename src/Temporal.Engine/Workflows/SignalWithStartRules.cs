using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Signals the open run, or starts one whose first task sees the signal.</summary>
static class SignalWithStartRules
{
    public static SignalWithStartWorkflowExecutionResponse Apply(EngineTransaction tx, SignalWithStartWorkflowExecutionRequest request)
    {
        var ns = tx.State.Namespaces.Get(request.Namespace);
        var start = StartOf(request);
        StartValidation.CheckWorkflowId(request.WorkflowId);
        if (request.SignalName.Length == 0)
            throw Refuse.Invalid("signal not set");
        if (HistoryLimits.IsTooLong(request.SignalName))
        {
            throw Refuse.Invalid(
                $"signal name exceeds maximum allowed length ({HistoryLimits.LengthOf(request.SignalName)}/{HistoryLimits.IdLength})");
        }

        if (request.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.Fail)
        {
            throw Refuse.Invalid(
                "Invalid WorkflowIDConflictPolicy: WORKFLOW_ID_CONFLICT_POLICY_FAIL is not supported for this operation.");
        }

        StartValidation.Check(ns, start);
        if (request.SignalInput is not null && request.SignalInput.CalculateSize() > HistoryLimits.BlobBytes)
            throw Refuse.Invalid("Blob data size exceeds limit.");
        var open = tx.State.Workflows.FindOpen(ns.Id, request.WorkflowId);
        if (open is not null && !Terminates(request))
        {
            Signal(tx, open, request, request.RequestId);
            return Answer(open, request, started: false);
        }

        // No start of before counts as this one: what has ended since is started again, also by the same request.
        var run = StartRules.StartNew(tx, start);
        // The request id stands for the signal too: the same call again must not signal the run that it started.
        Signal(tx, run, request, request.RequestId);
        if (run.Task is null && run.FirstTaskDue is null)
            WorkflowTaskRules.Schedule(tx, run);
        return Answer(run, request, started: true);
    }

    static bool Terminates(SignalWithStartWorkflowExecutionRequest request)
    {
#pragma warning disable CS0612 // The deprecated way to say TerminateExisting is still sent.
        return request.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.TerminateExisting ||
            request.WorkflowIdReusePolicy == WorkflowIdReusePolicy.TerminateIfRunning;
#pragma warning restore CS0612
    }

    static void Signal(EngineTransaction tx, WorkflowRun run, SignalWithStartWorkflowExecutionRequest request, string requestId) =>
        SignalRules.Signal(tx, run, new WorkflowExecutionSignaledEventAttributes
        {
            SignalName = request.SignalName,
            Input = request.SignalInput,
            Identity = request.Identity,
            Header = request.Header,
        }, requestId, request.Links);

    static SignalWithStartWorkflowExecutionResponse Answer(
        WorkflowRun run, SignalWithStartWorkflowExecutionRequest request, bool started) => new()
        {
            RunId = run.RunId,
            FirstExecutionRunId = run.FirstRunId,
            Started = started,
            SignalLink = WorkflowHandlers.RequestLink(run, request.RequestId, EventType.WorkflowExecutionSignaled),
        };

    static StartWorkflowExecutionRequest StartOf(SignalWithStartWorkflowExecutionRequest request)
    {
        var start = new StartWorkflowExecutionRequest
        {
            Namespace = request.Namespace,
            WorkflowId = request.WorkflowId,
            WorkflowType = request.WorkflowType,
            TaskQueue = request.TaskQueue,
            Input = request.Input,
            WorkflowExecutionTimeout = request.WorkflowExecutionTimeout,
            WorkflowRunTimeout = request.WorkflowRunTimeout,
            WorkflowTaskTimeout = request.WorkflowTaskTimeout,
            Identity = request.Identity,
            RequestId = request.RequestId,
            WorkflowIdReusePolicy = request.WorkflowIdReusePolicy,
            WorkflowIdConflictPolicy = request.WorkflowIdConflictPolicy,
            RetryPolicy = request.RetryPolicy,
            CronSchedule = request.CronSchedule,
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Header = request.Header,
            WorkflowStartDelay = request.WorkflowStartDelay,
            UserMetadata = request.UserMetadata,
            Priority = request.Priority,
        };
        start.Links.AddRange(request.Links);
        return start;
    }
}
