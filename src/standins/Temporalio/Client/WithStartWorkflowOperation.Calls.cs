using System.Linq.Expressions;

namespace Temporalio.Client;

public abstract partial class WithStartWorkflowOperation
{
    /// <summary>A start by a call of the run method.</summary>
    public static WithStartWorkflowOperation<WorkflowHandle<TWorkflow>> Create<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var (workflow, args) = CallReader.Workflow(workflowRunCall);
        return new(workflow, args, options);
    }

    /// <summary>A start by a call of the run method.</summary>
    public static WithStartWorkflowOperation<WorkflowHandle<TWorkflow, TResult>> Create<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var (workflow, args) = CallReader.Workflow(workflowRunCall);
        return new(workflow, args, options);
    }
}
