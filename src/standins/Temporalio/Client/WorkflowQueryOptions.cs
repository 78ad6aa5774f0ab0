using Temporalio.Api.Enums.V1;

namespace Temporalio.Client;

/// <summary>How a query is sent.</summary>
public class WorkflowQueryOptions : ICloneable
{
    /// <summary>Do not ask a workflow in such a state; null: as the client's options say.</summary>
    public QueryRejectCondition? RejectCondition { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (WorkflowQueryOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
