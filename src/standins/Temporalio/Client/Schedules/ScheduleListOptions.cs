namespace Temporalio.Client.Schedules;

/// <summary>How schedules are listed.</summary>
public class ScheduleListOptions : ICloneable
{
    /// <summary>A list filter; null: all.</summary>
    public string? Query { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (ScheduleListOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
