namespace Temporalio.Client;

/// <summary>How workflows are listed.</summary>
public class WorkflowListOptions : ICloneable
{
    /// <summary>Most to yield; 0 for all.</summary>
    public int Limit { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (WorkflowListOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
