namespace Temporalio.Client;

/// <summary>How a signal is sent.</summary>
public class WorkflowSignalOptions : ICloneable
{
    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (WorkflowSignalOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
