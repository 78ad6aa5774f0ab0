namespace Temporalio.Worker.Interceptors;

/// <summary>Receives calls of activities. Each method passes on to the next interceptor unless it is overridden.</summary>
public abstract class ActivityInboundInterceptor
{
    readonly ActivityInboundInterceptor? _next;

    /// <summary>An interceptor in front of another.</summary>
    protected ActivityInboundInterceptor(ActivityInboundInterceptor next) => _next = next;

    private protected ActivityInboundInterceptor()
    {
    }

    /// <summary>The next interceptor.</summary>
    protected ActivityInboundInterceptor Next =>
        _next ?? throw new InvalidOperationException("The last interceptor of the chain has no next one");

    /// <summary>Called once before the activity runs, with what goes out of it.</summary>
    public virtual void Init(ActivityOutboundInterceptor outbound) => Next.Init(outbound);

    /// <summary>Runs the activity.</summary>
    public virtual Task<object?> ExecuteActivityAsync(ExecuteActivityInput input) => Next.ExecuteActivityAsync(input);
}

/// <summary>Receives what goes out of an activity.</summary>
public abstract class ActivityOutboundInterceptor
{
    readonly ActivityOutboundInterceptor? _next;

    /// <summary>An interceptor in front of another.</summary>
    protected ActivityOutboundInterceptor(ActivityOutboundInterceptor next) => _next = next;

    private protected ActivityOutboundInterceptor()
    {
    }

    /// <summary>The next interceptor.</summary>
    protected ActivityOutboundInterceptor Next =>
        _next ?? throw new InvalidOperationException("The last interceptor of the chain has no next one");

    /// <summary>Records a heartbeat.</summary>
    public virtual void Heartbeat(HeartbeatInput input) => Next.Heartbeat(input);
}
