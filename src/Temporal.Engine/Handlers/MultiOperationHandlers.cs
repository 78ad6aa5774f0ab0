using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Update-with-start: the workflow is started, if need be, and the update admitted in one transaction.</summary>
sealed class MultiOperationHandlers(EngineLoop loop, EngineState state, UpdateHandlers updates)
{
    public void AddTo(RpcServiceTable table) => table.Add(WorkflowServiceMethods.ExecuteMultiOperation, Execute);

    async ValueTask<ExecuteMultiOperationResponse> Execute(ExecuteMultiOperationRequest request, RpcServerCall call)
    {
        var ns = state.Namespaces.Get(request.Namespace);
        if (request.Operations.Count != 2 || request.Operations[0].StartWorkflow is not { } start
            || request.Operations[1].UpdateWorkflow is not { } update)
            throw Refuse.Invalid("Operations have to be exactly [Start, Update].");
        if (start.CronSchedule.Length > 0)
            throw Failed(Refuse.Invalid("CronSchedule is not allowed."), null);
        if (start.WorkflowStartDelay is not null)
            throw Failed(Refuse.Invalid("WorkflowStartDelay is not supported."), null);
        if (start.WorkflowId != update.WorkflowExecution?.WorkflowId)
            throw Failed(null, Refuse.Invalid("WorkflowId is not consistent with previous operation(s)."));
        if (start.Namespace.Length == 0)
            start.Namespace = request.Namespace;
        try
        {
            UpdateHandlers.Check(update);
        }
        catch (RpcFailure failure)
        {
            throw Failed(null, failure);
        }

        for (var again = false; ; again = true)
        {
            var (started, found) = await loop.RunAsync(tx => Apply(tx, ns, start, update));
            try
            {
                return AnswerOf(started, await updates.Answer(found, update, call));
            }
            catch (RpcFailure failure) when (IsOfClosing(failure) && !started.Started)
            {
                // The run that was there has ended without a look at the update: another may be started for it, but only once.
                if (again)
                    throw Failed(null, new(RpcStatus.Aborted, failure.Message));
            }
            catch (RpcFailure failure)
            {
                throw Failed(null, failure);
            }
        }
    }

    static bool IsOfClosing(RpcFailure failure) => failure.Status == RpcStatus.NotFound && failure.Message == UpdateRegistry.AbortedByClosing;

    static ExecuteMultiOperationResponse AnswerOf(StartWorkflowExecutionResponse started, UpdateWorkflowExecutionResponse answer) =>
        new()
        {
            Responses =
            {
                new ExecuteMultiOperationResponse.Types.Response { StartWorkflow = started },
                new ExecuteMultiOperationResponse.Types.Response { UpdateWorkflow = answer },
            },
        };

    static (StartWorkflowExecutionResponse Started, UpdateHandlers.Found Found) Apply(
        EngineTransaction tx, NamespaceEntry ns, StartWorkflowExecutionRequest start, UpdateWorkflowExecutionRequest update)
    {
        StartRules.Started started;
        try
        {
            started = Existing(tx, ns, start, update.Request.Meta.UpdateId) ?? StartRules.Start(tx, start);
        }
        catch (RpcFailure failure)
        {
            throw Failed(failure, null);
        }

        try
        {
            var run = started.Run ?? tx.State.Workflows.Get(ns, start.WorkflowId, started.RunId);
            var found = UpdateHandlers.Admit(tx, run, update.Request);
            return (WorkflowHandlers.AnswerOf(ns.Name, start.WorkflowId, started), found);
        }
        catch (RpcFailure failure)
        {
            throw Failed(null, failure);
        }
    }

    /// <summary>The run that has the update, or had it and has completed it: then nothing is started, whatever the policies say.</summary>
    static StartRules.Started? Existing(EngineTransaction tx, NamespaceEntry ns, StartWorkflowExecutionRequest start, string updateId)
    {
        StartValidation.Check(ns, start);
        if (tx.State.Workflows.FindLatest(ns.Id, start.WorkflowId) is not { } latest)
            return null;
        var run = tx.State.Workflows.Get(ns, start.WorkflowId, latest.RunId);
        var isCompleted = run.UpdateEvents.TryGetValue(updateId, out var events) && events.Completed != 0;
        return isCompleted || (run.IsOpen && run.Updates.Find(updateId) is not null)
            ? new(run.RunId, run.FirstRunId, IsNew: false, IsDuplicate: false, run.Status, run)
            : null;
    }

    /// <summary>One failure stands for both operations: the other one says that it was aborted.</summary>
    static RpcFailure Failed(RpcFailure? start, RpcFailure? update)
    {
        var detail = new MultiOperationExecutionFailure();
        detail.Statuses.Add(StatusOf(start));
        detail.Statuses.Add(StatusOf(update));
        return Refuse.With((start ?? update)?.Status ?? RpcStatus.Aborted, "Update-with-Start could not be executed.", detail);
    }

    static MultiOperationExecutionFailure.Types.OperationStatus StatusOf(RpcFailure? failure)
    {
        if (failure is not null)
        {
            var status = new MultiOperationExecutionFailure.Types.OperationStatus { Code = (int)failure.Status, Message = failure.Message };
            status.Details.AddRange(failure.Details);
            return status;
        }

        return new()
        {
            Code = (int)RpcStatus.Aborted,
            Message = "Operation was aborted.",
            Details = { Any.Pack(new MultiOperationExecutionAborted()) },
        };
    }
}
