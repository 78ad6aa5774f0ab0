using Temporalio.Api.Enums.V1;

namespace Temporalio.Client.Schedules;

/// <summary>How a schedule is triggered.</summary>
public class ScheduleTriggerOptions
{
    /// <summary>Overlap policy for this action; unspecified: the schedule's.</summary>
    public ScheduleOverlapPolicy Overlap { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (ScheduleTriggerOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
