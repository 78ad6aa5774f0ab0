namespace Temporalio.Client;

/// <summary>How a cancellation is reported.</summary>
public class AsyncActivityReportCancellationOptions : ICloneable
{
    /// <summary>Values for the workflow.</summary>
    public IReadOnlyCollection<object?>? Details { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (AsyncActivityReportCancellationOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
