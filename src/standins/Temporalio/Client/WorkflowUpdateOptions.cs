namespace Temporalio.Client;

/// <summary>How an update is sent.</summary>
public class WorkflowUpdateOptions : ICloneable
{
    public WorkflowUpdateOptions()
    {
    }

    /// <param name="id">The update's id.</param>
    public WorkflowUpdateOptions(string id) => Id = id;

    /// <summary>The update's id: sending it twice is one update. Null: a random one.</summary>
    public string? Id { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (WorkflowUpdateOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
