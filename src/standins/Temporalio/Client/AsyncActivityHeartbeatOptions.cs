namespace Temporalio.Client;

/// <summary>How a heartbeat is sent.</summary>
public class AsyncActivityHeartbeatOptions : ICloneable
{
    /// <summary>Values that the next attempt gets.</summary>
    public IReadOnlyCollection<object?>? Details { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (AsyncActivityHeartbeatOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
