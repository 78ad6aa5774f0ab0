using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Stage = Temporalio.Api.Enums.V1.UpdateWorkflowExecutionLifecycleStage;

namespace Temporal.Engine;

/// <summary>Updates: sent, waited for, asked for again.</summary>
sealed class UpdateHandlers(EngineLoop loop, EngineState state)
{
    /// <summary>From this attempt on the workflow's code counts as broken: an update would wait for nothing.</summary>
    const int FailingTaskAttempts = 3;

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.UpdateWorkflowExecution, Update);
        table.Add(WorkflowServiceMethods.PollWorkflowExecutionUpdate, PollUpdate);
    }

    /// <summary>An update that was found or admitted: still on its way, or completed with an event.</summary>
    public sealed record Found(WorkflowRun Run, PendingUpdate? Pending, long CompletedEventId);

    async ValueTask<UpdateWorkflowExecutionResponse> Update(UpdateWorkflowExecutionRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        StartValidation.CheckExecution(request.WorkflowExecution);
        Check(request);
        var run = await state.Workflows.ViewAsync(loop, ns, request.WorkflowExecution.WorkflowId, request.WorkflowExecution.RunId);
        if (request.FirstExecutionRunId.Length > 0 && run.FirstRunId != request.FirstExecutionRunId)
            throw Refuse.NotFound("workflow execution not found");
        var found = await loop.RunAsync(tx => Admit(tx, Current(tx, run), request.Request));
        return await Answer(found, request, call);
    }

    static WorkflowRun Current(EngineTransaction tx, WorkflowRun run) =>
        tx.State.Workflows.Current(run) ?? throw WorkflowDirectory.Missing(run.WorkflowId, run.RunId);

    /// <summary>Fills in what the caller may leave out, and refuses what it may not.</summary>
    public static void Check(UpdateWorkflowExecutionRequest request)
    {
        if (request.Request is null)
            throw Refuse.Invalid("Request is not set on request.");
        request.Request.Meta ??= new();
        if (request.Request.Meta.UpdateId.Length == 0)
            request.Request.Meta.UpdateId = Guid.NewGuid().ToString();
        if (HistoryLimits.IsTooLong(request.Request.Meta.UpdateId))
            throw Refuse.Invalid("UpdateId length exceeds limit.");
        if (request.Request.Input is null)
            throw Refuse.Invalid("Update input is not set on request.");
        if (request.Request.Input.Name.Length == 0)
            throw Refuse.Invalid("Update name is not set on request.");
        if (StageOf(request.WaitPolicy) == Stage.Admitted)
        {
            throw Refuse.With(
                RpcStatus.PermissionDenied,
                "UpdateWorkflowExecution issued asynchronously and waiting on update admitted is not supported.",
                new PermissionDeniedFailure());
        }

        if (request.Request.CalculateSize() > HistoryLimits.BlobBytes)
            throw Refuse.Invalid("Blob data size exceeds limit.");
    }

    static Stage StageOf(WaitPolicy? policy) => policy is null or { LifecycleStage: Stage.Unspecified } ? Stage.Accepted : policy.LifecycleStage;

    /// <summary>The update with this id, or a new one. Sending one id twice is one update.</summary>
    public static Found Admit(EngineTransaction tx, WorkflowRun run, Request request)
    {
        var id = request.Meta.UpdateId;
        if (run.UpdateEvents.TryGetValue(id, out var events) && (events.Completed != 0 || !run.IsOpen))
            return new(run, null, events.Completed);
        if (!run.IsOpen)
            throw Refuse.AlreadyCompleted();
        if (run.TaskAttempt >= FailingTaskAttempts)
            throw Refuse.With(RpcStatus.FailedPrecondition, "Unable to perform workflow execution update due to Workflow Task in failed state.", new WorkflowNotReadyFailure());
        if (run.IsAboutToClose)
            throw Refuse.Closing();
        return new(run, run.Updates.Find(id) ?? run.Updates.Admit(tx, request), 0);
    }

    public async Task<UpdateWorkflowExecutionResponse> Answer(Found found, UpdateWorkflowExecutionRequest request, RpcServerCall call)
    {
        var progress = await WaitFor(found, StageOf(request.WaitPolicy), call);
        var run = found.Run;
        return new()
        {
            UpdateRef = new() { WorkflowExecution = run.Execution, UpdateId = request.Request.Meta.UpdateId },
            Outcome = progress.Outcome,
            Stage = progress.Stage,
            Link = LinkOf(run, request.Request.RequestId, progress.Rejected),
        };
    }

    static Link LinkOf(WorkflowRun run, string requestId, bool rejected)
    {
        if (!rejected)
            return WorkflowHandlers.RequestLink(run, requestId, EventType.WorkflowExecutionUpdateAccepted);
        return new()
        {
            Workflow = new() { Namespace = run.Namespace.Name, WorkflowId = run.WorkflowId, RunId = run.RunId, Reason = "Update rejected" },
        };
    }

    async Task<UpdateProgress> WaitFor(Found found, Stage stage, RpcServerCall call)
    {
        if (found.Pending is not { } pending)
            return new(Stage.Completed, OutcomeOf(found));
        var wait = stage == Stage.Completed ? pending.Completed : pending.Accepted;
        if (stage == Stage.Accepted && pending.IsAccepted && !pending.Accepted.IsCompleted)
            return new(Stage.Accepted, null);
        if (await Waits.For(wait, Waits.LongPoll, state.Time, call.Cancelled))
            return await wait;
        // A caller whose deadline comes first is told so, not that its update is on its way.
        call.Cancelled.ThrowIfCancellationRequested();
        return new(pending.IsAccepted ? Stage.Accepted : Stage.Admitted, null);
    }

    /// <summary>Of an update whose end is in history, or that its closed workflow left behind.</summary>
    Outcome OutcomeOf(Found found)
    {
        if (found.CompletedEventId == 0)
            return new() { Failure = UpdateRegistry.ClosedFirst() };
        var completed = state.Store.ReadHistory(found.Run.Key, found.CompletedEventId, found.CompletedEventId + 1);
        return completed[0].WorkflowExecutionUpdateCompletedEventAttributes.Outcome;
    }

    async ValueTask<PollWorkflowExecutionUpdateResponse> PollUpdate(PollWorkflowExecutionUpdateRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        if (request.UpdateRef?.WorkflowExecution is null)
            throw Refuse.Invalid("UpdateRef is not set on request.");
        var id = request.UpdateRef.UpdateId;
        var execution = request.UpdateRef.WorkflowExecution;
        // This call is worded by another part of the real server than all others.
        if (execution.WorkflowId.Length == 0)
            throw Refuse.Invalid("Can't load workflow execution.  WorkflowId not set.");
        if (execution.RunId.Length > 0 && !Guid.TryParse(execution.RunId, out _))
            throw Refuse.Invalid("RunId is not valid UUID.");
        StartValidation.CheckExecution(execution);
        var run = await state.Workflows.ViewAsync(loop, ns, execution.WorkflowId, execution.RunId);
        var found = await loop.RunAsync(tx =>
        {
            run = Current(tx, run);
            if (run.UpdateEvents.TryGetValue(id, out var events) && (events.Completed != 0 || !run.IsOpen))
                return new Found(run, null, events.Completed);
            var pending = run.IsOpen ? run.Updates.Find(id) : null;
            return new Found(run, pending ?? throw Refuse.NotFound($"update \"{id}\" not found"), 0);
        });
        var stage = request.WaitPolicy?.LifecycleStage ?? Stage.Unspecified;
        var progress = stage == Stage.Unspecified && found.Pending is { } pending
            ? new UpdateProgress(pending.IsAccepted ? Stage.Accepted : Stage.Admitted, null)
            : await WaitFor(found, stage, call);
        return new()
        {
            Outcome = progress.Outcome,
            Stage = progress.Stage,
            UpdateRef = new() { WorkflowExecution = found.Run.Execution, UpdateId = id },
        };
    }
}
