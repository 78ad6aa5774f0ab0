using Temporalio.Api.Enums.V1;

namespace Temporalio.Client;

/// <summary>Which events of a history are fetched.</summary>
public class WorkflowHistoryEventFetchOptions : ICloneable
{
    /// <summary>All events (default) or only the closing one.</summary>
    public HistoryEventFilterType EventFilterType { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    /// <summary>True: does not look into archives.</summary>
    public bool SkipArchival { get; set; }

    /// <summary>True: waits for new events until the workflow closes.</summary>
    public bool WaitNewEvent { get; set; }

    public virtual object Clone()
    {
        var copy = (WorkflowHistoryEventFetchOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
