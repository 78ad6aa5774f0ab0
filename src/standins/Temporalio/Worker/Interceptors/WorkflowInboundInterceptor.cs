namespace Temporalio.Worker.Interceptors;

/// <summary>Receives what comes to a workflow. Each method passes on to the next interceptor unless it is overridden.</summary>
public abstract class WorkflowInboundInterceptor
{
    readonly WorkflowInboundInterceptor? _next;

    /// <summary>An interceptor in front of another.</summary>
    protected WorkflowInboundInterceptor(WorkflowInboundInterceptor next) => _next = next;

    private protected WorkflowInboundInterceptor()
    {
    }

    /// <summary>The next interceptor.</summary>
    protected WorkflowInboundInterceptor Next =>
        _next ?? throw new InvalidOperationException("The last interceptor of the chain has no next one");

    /// <summary>Called once before anything else, with what goes out of the workflow.</summary>
    public virtual void Init(WorkflowOutboundInterceptor outbound) => Next.Init(outbound);

    /// <summary>Runs the workflow.</summary>
    public virtual Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input) => Next.ExecuteWorkflowAsync(input);

    /// <summary>Handles a signal.</summary>
    public virtual Task HandleSignalAsync(HandleSignalInput input) => Next.HandleSignalAsync(input);

    /// <summary>Answers a query.</summary>
    public virtual object? HandleQuery(HandleQueryInput input) => Next.HandleQuery(input);

    /// <summary>Validates an update.</summary>
    public virtual void ValidateUpdate(HandleUpdateInput input) => Next.ValidateUpdate(input);

    /// <summary>Handles an accepted update.</summary>
    public virtual Task<object?> HandleUpdateAsync(HandleUpdateInput input) => Next.HandleUpdateAsync(input);
}
