using System.Linq.Expressions;

namespace Temporalio.Client;

public partial interface ITemporalClient
{
    /// <summary>Starts a workflow by a call of its run method: <c>(MyWorkflow wf) => wf.RunAsync(input)</c>.</summary>
    /// <inheritdoc cref="StartWorkflowAsync(string, IReadOnlyCollection{object?}, WorkflowOptions)" path="/exception"/>
    Task<WorkflowHandle<TWorkflow>> StartWorkflowAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options);

    /// <inheritdoc cref="StartWorkflowAsync{TWorkflow}(Expression{Func{TWorkflow, Task}}, WorkflowOptions)"/>
    Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options);

    /// <inheritdoc cref="StartUpdateWithStartWorkflowAsync(string, IReadOnlyCollection{object?}, WorkflowStartUpdateWithStartOptions)"/>
    Task<WorkflowUpdateHandle> StartUpdateWithStartWorkflowAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> updateCall, WorkflowStartUpdateWithStartOptions options);

    /// <inheritdoc cref="StartUpdateWithStartWorkflowAsync(string, IReadOnlyCollection{object?}, WorkflowStartUpdateWithStartOptions)"/>
    Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TWorkflow, TUpdateResult>(
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowStartUpdateWithStartOptions options);
}
