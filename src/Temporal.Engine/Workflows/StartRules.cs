using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Whether a workflow id may be used, and the first event of what is started.</summary>
static class StartRules
{
    /// <summary>What a start came to: a new run, or one that is there already.</summary>
    public sealed record Started(
        string RunId, string FirstRunId, bool IsNew, bool IsDuplicate, WorkflowExecutionStatus Status, WorkflowRun? Run);

    public static Started Start(EngineTransaction tx, StartWorkflowExecutionRequest request)
    {
        var ns = tx.State.Namespaces.Get(request.Namespace);
        StartValidation.Check(ns, request);
        var requestId = request.RequestId.Length > 0 ? request.RequestId : Guid.NewGuid().ToString();
        var created = NewRunOf(ns, request, requestId, tx.Now);
        if (tx.State.Workflows.FindLatest(ns.Id, request.WorkflowId) is { } existing &&
            Against(tx, ns, existing, request, requestId, created.RunId) is { } answer)
            return answer;
        var run = tx.State.Workflows.Create(tx, created);
        if (run.FirstTaskDue is null)
            WorkflowTaskRules.Schedule(tx, run);
        return new(run.RunId, run.RunId, IsNew: true, IsDuplicate: false, WorkflowExecutionStatus.Running, run);
    }

    /// <summary>A new run without its first task, whatever its id was used for, as far as the policies allow it.</summary>
    public static WorkflowRun StartNew(EngineTransaction tx, StartWorkflowExecutionRequest request)
    {
        var ns = tx.State.Namespaces.Get(request.Namespace);
        var requestId = request.RequestId.Length > 0 ? request.RequestId : Guid.NewGuid().ToString();
        var created = NewRunOf(ns, request, requestId, tx.Now);
        if (tx.State.Workflows.FindLatest(ns.Id, request.WorkflowId) is { } existing)
            Resolve(tx, ns, existing, request, requestId, created.RunId);
        return tx.State.Workflows.Create(tx, created);
    }

    /// <summary>What an existing run of this id means for the start; null: go on.</summary>
    static Started? Against(
        EngineTransaction tx, NamespaceEntry ns, StoredRun existing, StartWorkflowExecutionRequest request, string requestId,
        string newRunId)
    {
        var status = (WorkflowExecutionStatus)existing.Status;
        return existing.CreateRequestId == requestId
            ? new(existing.RunId, existing.FirstRunId, IsNew: true, IsDuplicate: true, status, null)
            : Resolve(tx, ns, existing, request, requestId, newRunId);
    }

    static Started? Resolve(
        EngineTransaction tx, NamespaceEntry ns, StoredRun existing, StartWorkflowExecutionRequest request, string requestId,
        string newRunId)
    {
        var status = (WorkflowExecutionStatus)existing.Status;
        if (existing.IsOpen)
        {
            switch (Conflict(request))
            {
                case WorkflowIdConflictPolicy.UseExisting:
                    AttachTo(tx, ns, existing, request, requestId);
                    return new(existing.RunId, existing.FirstRunId, IsNew: false, IsDuplicate: false, status, null);
                case WorkflowIdConflictPolicy.TerminateExisting:
                    Terminate(tx, ns, existing, newRunId);
                    return null;
                default:
                    throw AlreadyStarted("Workflow execution is already running", existing);
            }
        }

        if (MayReuse(existing, request.WorkflowIdReusePolicy))
            return null;
        throw request.WorkflowIdReusePolicy == WorkflowIdReusePolicy.RejectDuplicate
            ? AlreadyStarted("Workflow execution already finished", existing, " Workflow Id reuse policy: reject duplicate workflow Id.")
            : AlreadyStarted(
                "Workflow execution already finished successfully", existing,
                " Workflow Id reuse policy: allow duplicate workflow Id if last run failed.");
    }

    static WorkflowIdConflictPolicy Conflict(StartWorkflowExecutionRequest request)
    {
#pragma warning disable CS0612 // The deprecated way to say TerminateExisting is still sent.
        return request.WorkflowIdReusePolicy == WorkflowIdReusePolicy.TerminateIfRunning
            ? WorkflowIdConflictPolicy.TerminateExisting
            : request.WorkflowIdConflictPolicy;
#pragma warning restore CS0612
    }

    static void AttachTo(
        EngineTransaction tx, NamespaceEntry ns, StoredRun existing, StartWorkflowExecutionRequest request, string requestId)
    {
        if (request.OnConflictOptions is not { } options
            || !(options.AttachRequestId || options.AttachLinks || options.AttachCompletionCallbacks))
            return;
        if (tx.State.Workflows.FindOpen(ns.Id, existing.WorkflowId) is not { } run || !run.TakeRequestId(tx, requestId))
            return;
        var updated = new HistoryEvent
        {
            WorkflowExecutionOptionsUpdatedEventAttributes = new() { AttachedRequestId = options.AttachRequestId ? requestId : "" },
        };
        if (options.AttachLinks)
            updated.Links.AddRange(request.Links);
        run.Add(tx, updated);
        if (run.Task is not { IsStarted: true })
            run.FlushBuffered(tx);
    }

    static void Terminate(EngineTransaction tx, NamespaceEntry ns, StoredRun existing, string newRunId)
    {
        if (tx.State.Workflows.FindOpen(ns.Id, existing.WorkflowId) is not { } run)
            return;
        var details = PayloadValues.JsonList($"terminated by new runID: {newRunId}");
        ClosingRules.Terminate(tx, run, "TerminateIfRunning WorkflowIdReusePolicy", details, ClosingRules.Server);
    }

    /// <summary>Whether a child or a start may use the id of this run again.</summary>
    public static bool MayReuse(StoredRun existing, WorkflowIdReusePolicy policy) => !existing.IsOpen && policy switch
    {
        WorkflowIdReusePolicy.RejectDuplicate => false,
        WorkflowIdReusePolicy.AllowDuplicateFailedOnly =>
            (WorkflowExecutionStatus)existing.Status is not (WorkflowExecutionStatus.Completed or WorkflowExecutionStatus.ContinuedAsNew),
        _ => true,
    };

    static RpcFailure AlreadyStarted(string what, StoredRun existing, string policy = "") => Refuse.With(
        RpcStatus.AlreadyExists,
        $"{what}. WorkflowId: {existing.WorkflowId}, RunId: {existing.RunId}.{policy}",
        new WorkflowExecutionAlreadyStartedFailure
        {
            StartRequestId = existing.CreateRequestId,
            RunId = existing.RunId,
            FirstExecutionRunId = existing.FirstRunId,
        });

    static NewRun NewRunOf(NamespaceEntry ns, StartWorkflowExecutionRequest request, string requestId, DateTime now)
    {
        var runId = Guid.NewGuid().ToString();
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = request.WorkflowType,
            TaskQueue = new() { Name = request.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Input = request.Input,
            WorkflowExecutionTimeout = request.WorkflowExecutionTimeout,
            WorkflowRunTimeout = request.WorkflowRunTimeout,
            WorkflowTaskTimeout = request.WorkflowTaskTimeout,
            ContinuedFailure = request.ContinuedFailure,
            LastCompletionResult = request.LastCompletionResult,
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = runId,
            Identity = request.Identity,
            RetryPolicy = request.RetryPolicy is null ? null : RetryRules.WithDefaults(request.RetryPolicy),
            Attempt = 1,
            CronSchedule = request.CronSchedule,
            Memo = request.Memo,
            SearchAttributes = SearchAttributeRules.Typed(ns, request.SearchAttributes),
            Header = request.Header,
            WorkflowId = request.WorkflowId,
            Priority = request.Priority,
            FirstWorkflowTaskBackoff = request.WorkflowStartDelay ?? new(),
        };
        started.CompletionCallbacks.AddRange(request.CompletionCallbacks);
        StartTimeouts.Normalize(started);
        if (CronSchedule.Parse(request.CronSchedule) is { } cron)
        {
            started.FirstWorkflowTaskBackoff = Durations.OrNull(cron.Backoff(now, now) ?? TimeSpan.Zero);
            started.Initiator = ContinueAsNewInitiator.CronSchedule;
        }

        return new(ns, request.WorkflowId, runId, started)
        {
            RequestId = requestId,
            UserMetadata = request.UserMetadata,
            Links = [.. request.Links],
        };
    }
}
