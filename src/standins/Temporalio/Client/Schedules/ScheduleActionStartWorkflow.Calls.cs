using System.Linq.Expressions;

namespace Temporalio.Client.Schedules;

public partial record ScheduleActionStartWorkflow
{
    /// <summary>An action by a call of the workflow's run method.</summary>
    public static ScheduleActionStartWorkflow Create<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var (workflow, args) = CallReader.Workflow(workflowRunCall);
        return new(workflow, args, options);
    }

    /// <summary>An action by a call of the workflow's run method.</summary>
    public static ScheduleActionStartWorkflow Create<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var (workflow, args) = CallReader.Workflow(workflowRunCall);
        return new(workflow, args, options);
    }
}
