namespace Temporalio.Client;

/// <summary>How a workflow is terminated.</summary>
public class WorkflowTerminateOptions : ICloneable
{
    /// <summary>Values for whoever reads the history.</summary>
    public IReadOnlyCollection<object?>? Details { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (WorkflowTerminateOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
