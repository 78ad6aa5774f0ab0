namespace Temporalio.Client;

/// <summary>How one page of workflows is asked for.</summary>
public class WorkflowListPaginatedOptions : ICloneable
{
    /// <summary>Most in the page; 0: the server decides.</summary>
    public int PageSize { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (WorkflowListPaginatedOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
