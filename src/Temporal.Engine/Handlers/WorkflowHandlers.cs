using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Start, signal, cancel, terminate, delete.</summary>
sealed class WorkflowHandlers(EngineLoop loop, EngineState state)
{
    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.StartWorkflowExecution, Start);
        table.Add(WorkflowServiceMethods.SignalWorkflowExecution, Signal);
        table.Add(WorkflowServiceMethods.SignalWithStartWorkflowExecution, SignalWithStart);
        table.Add(WorkflowServiceMethods.RequestCancelWorkflowExecution, RequestCancel);
        table.Add(WorkflowServiceMethods.TerminateWorkflowExecution, Terminate);
        table.Add(WorkflowServiceMethods.DeleteWorkflowExecution, Delete);
        table.Add(WorkflowServiceMethods.ResetStickyTaskQueue, ResetSticky);
        table.Add(WorkflowServiceMethods.DescribeWorkflowExecution, Describe);
        table.Add(WorkflowServiceMethods.ResetWorkflowExecution, Reset);
    }

    async ValueTask<StartWorkflowExecutionResponse> Start(StartWorkflowExecutionRequest request, RpcServerCall call)
    {
        var build = await loop.RunAsync(tx => Start(tx, request));
        return build();
    }

    /// <summary>Starts as the call does; from inside the engine too. What it gives builds the answer after the commit.</summary>
    public static Func<StartWorkflowExecutionResponse> Start(EngineTransaction tx, StartWorkflowExecutionRequest request)
    {
        var started = StartRules.Start(tx, request);
        var answer = AnswerOf(request.Namespace, request.WorkflowId, started);
        if (!request.RequestEagerExecution || started.Run?.Task is null)
            return () => answer;
        // The caller is also a worker for it: the first task goes with the answer.
        WorkflowTaskRules.Start(tx, started.Run, request.Identity, Guid.NewGuid().ToString());
        var task = WorkflowTaskAnswer.Of(tx, started.Run, partial: false);
        return () =>
        {
            answer.EagerWorkflowTask = (PollWorkflowTaskQueueResponse)task.Build();
            return answer;
        };
    }

    public static StartWorkflowExecutionResponse AnswerOf(string ns, string workflowId, StartRules.Started started) => new()
    {
        RunId = started.RunId,
        FirstExecutionRunId = started.FirstRunId,
        Started = started.IsNew,
        Status = started.Status,
        Link = EventLink(ns, workflowId, started.RunId, 1, EventType.WorkflowExecutionStarted),
    };

    public static Link EventLink(string ns, string workflowId, string runId, long eventId, EventType type) => new()
    {
        WorkflowEvent = new()
        {
            Namespace = ns,
            WorkflowId = workflowId,
            RunId = runId,
            EventRef = new() { EventId = eventId, EventType = type },
        },
    };

    async ValueTask<SignalWorkflowExecutionResponse> Signal(SignalWorkflowExecutionRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.WorkflowExecution);
        CheckSignal(request.SignalName, request.RequestId);
        if (request.Input is not null && request.Input.CalculateSize() > HistoryLimits.BlobBytes)
            throw Refuse.Invalid("Blob data size exceeds limit.");
        var runId = request.WorkflowExecution.RunId;
        try
        {
            return await loop.RunAsync(tx => Signal(tx, ns, request, out runId));
        }
        catch (HistoryLimitReached limit)
        {
            await loop.RunAsync(tx => ClosingRules.Terminate(
                tx, tx.State.Workflows.GetOpen(ns, request.WorkflowExecution.WorkflowId, runId), limit.Message, null, ClosingRules.Server));
            throw Refuse.Invalid(limit.Message);
        }
    }

    static SignalWorkflowExecutionResponse Signal(
        EngineTransaction tx, NamespaceEntry ns, SignalWorkflowExecutionRequest request, out string runId)
    {
        var run = tx.State.Workflows.GetOpen(ns, request.WorkflowExecution.WorkflowId, request.WorkflowExecution.RunId);
        runId = run.RunId;
        SignalRules.Signal(tx, run, new()
        {
            SignalName = request.SignalName,
            Input = request.Input,
            Identity = request.Identity,
            Header = request.Header,
        }, request.RequestId, request.Links);
        if (HistoryLimits.Exceeded(run) is { } reason)
            throw new HistoryLimitReached(reason);
        return new() { Link = RequestLink(run, request.RequestId, EventType.WorkflowExecutionSignaled) };
    }

    public static Link RequestLink(WorkflowRun run, string requestId, EventType type) => new()
    {
        WorkflowEvent = new()
        {
            Namespace = run.Namespace.Name,
            WorkflowId = run.WorkflowId,
            RunId = run.RunId,
            RequestIdRef = new() { RequestId = requestId, EventType = type },
        },
    };

    static void CheckSignal(string name, string requestId)
    {
        if (name.Length == 0)
            throw Refuse.Invalid("SignalName is not set on request.");
        if (HistoryLimits.IsTooLong(name))
            throw Refuse.Invalid("SignalName length exceeds limit.");
        if (HistoryLimits.IsTooLong(requestId))
            throw Refuse.Invalid("RequestId length exceeds limit.");
    }

    async ValueTask<SignalWithStartWorkflowExecutionResponse> SignalWithStart(
        SignalWithStartWorkflowExecutionRequest request, RpcServerCall call)
    {
        return await loop.RunAsync(tx => SignalWithStartRules.Apply(tx, request));
    }

    async ValueTask<RequestCancelWorkflowExecutionResponse> RequestCancel(RequestCancelWorkflowExecutionRequest request, RpcServerCall call)
    {
        await loop.RunAsync(tx => RequestCancel(tx, request));
        return new();
    }

    /// <summary>Asks a workflow to stop, from outside or from inside the engine. Asking one that has ended is no error.</summary>
    public static void RequestCancel(EngineTransaction tx, RequestCancelWorkflowExecutionRequest request)
    {
        var ns = tx.State.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.WorkflowExecution);
        var (workflowId, runId) = (request.WorkflowExecution.WorkflowId, request.WorkflowExecution.RunId);
        var known = tx.State.Workflows.FindStored(ns.Id, workflowId, runId) ?? throw WorkflowDirectory.Missing(workflowId, runId);
        if (request.FirstExecutionRunId.Length > 0 && known.FirstRunId != request.FirstExecutionRunId)
            throw Refuse.NotFound("workflow execution not found");
        if (tx.State.Workflows.FindOpen(ns.Id, workflowId) is { } run && run.RunId == known.RunId)
            SignalRules.RequestCancel(tx, run, request.Reason, request.Identity, request.RequestId, null, 0, request.Links);
    }

    async ValueTask<TerminateWorkflowExecutionResponse> Terminate(TerminateWorkflowExecutionRequest request, RpcServerCall call)
    {
        await loop.RunAsync(tx => Terminate(tx, request));
        return new();
    }

    /// <summary>Ends a workflow, from outside or from inside the engine.</summary>
    public static void Terminate(EngineTransaction tx, TerminateWorkflowExecutionRequest request)
    {
        var ns = tx.State.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.WorkflowExecution);
        var run = tx.State.Workflows.GetOpen(
            ns, request.WorkflowExecution.WorkflowId, request.WorkflowExecution.RunId, request.FirstExecutionRunId);
        var reason = request.Reason.Length > 0 ? request.Reason : "terminated by user via frontend";
        ClosingRules.Terminate(tx, run, reason, request.Details, request.Identity, request.Links);
    }

    async ValueTask<DeleteWorkflowExecutionResponse> Delete(DeleteWorkflowExecutionRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.WorkflowExecution);
        await loop.RunAsync(tx =>
        {
            var (workflowId, runId) = (request.WorkflowExecution.WorkflowId, request.WorkflowExecution.RunId);
            var stored = tx.State.Workflows.FindStored(ns.Id, workflowId, runId) ?? throw WorkflowDirectory.Missing(workflowId, runId);
            if (tx.State.Workflows.FindOpen(ns.Id, workflowId) is { } run && run.Key == stored.Key)
                ClosingRules.Terminate(tx, run, "Delete workflow execution", null, ClosingRules.Server);
            // After the run's own rows: the deletion is the last thing a commit does.
            tx.Delete(stored.Key);
        });
        return new();
    }

    async ValueTask<ResetStickyTaskQueueResponse> ResetSticky(ResetStickyTaskQueueRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.Execution);
        await loop.RunAsync(tx =>
        {
            var run = tx.State.Workflows.GetOpen(ns, request.Execution.WorkflowId, request.Execution.RunId);
            run.TouchSide(tx);
            run.Sticky = null;
        });
        return new();
    }

    async ValueTask<ResetWorkflowExecutionResponse> Reset(ResetWorkflowExecutionRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        if (request.RequestId.Length == 0)
            throw Refuse.Invalid("RequestId is not set on request.");
        StartValidation.CheckExecution(request.WorkflowExecution);
        return await loop.RunAsync(tx => ResetRules.Reset(tx, ns, request));
    }

    async ValueTask<DescribeWorkflowExecutionResponse> Describe(DescribeWorkflowExecutionRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.Execution);
        var run = await state.Workflows.ViewAsync(loop, ns, request.Execution.WorkflowId, request.Execution.RunId);
        return run.IsOpen ? await loop.RunAsync(tx => Description.Of(run, tx.Now)) : Description.Of(run, default);
    }
}
