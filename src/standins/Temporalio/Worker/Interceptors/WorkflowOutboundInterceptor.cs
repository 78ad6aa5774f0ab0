using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Receives what goes out of a workflow. Each method passes on to the next interceptor unless it is overridden.</summary>
public abstract class WorkflowOutboundInterceptor
{
    readonly WorkflowOutboundInterceptor? _next;

    /// <summary>An interceptor in front of another.</summary>
    protected WorkflowOutboundInterceptor(WorkflowOutboundInterceptor next) => _next = next;

    private protected WorkflowOutboundInterceptor()
    {
    }

    /// <summary>The next interceptor.</summary>
    protected WorkflowOutboundInterceptor Next =>
        _next ?? throw new InvalidOperationException("The last interceptor of the chain has no next one");

    /// <summary>Starts a timer.</summary>
    public virtual Task DelayAsync(DelayAsyncInput input) => Next.DelayAsync(input);

    /// <summary>Schedules an activity and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public virtual Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) => Next.ScheduleActivityAsync<TResult>(input);

    /// <summary>Schedules a local activity and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public virtual Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input) =>
        Next.ScheduleLocalActivityAsync<TResult>(input);

    /// <summary>Starts a child workflow.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    public virtual Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(
        StartChildWorkflowInput input) =>
        Next.StartChildWorkflowAsync<TWorkflow, TResult>(input);

    /// <summary>Signals a child workflow.</summary>
    public virtual Task SignalChildWorkflowAsync(SignalChildWorkflowInput input) => Next.SignalChildWorkflowAsync(input);

    /// <summary>Signals another workflow.</summary>
    public virtual Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input) => Next.SignalExternalWorkflowAsync(input);

    /// <summary>Asks another workflow to stop.</summary>
    public virtual Task CancelExternalWorkflowAsync(CancelExternalWorkflowInput input) => Next.CancelExternalWorkflowAsync(input);

    /// <summary>Prepares a continue-as-new.</summary>
    public virtual ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) =>
        Next.CreateContinueAsNewException(input);
}
