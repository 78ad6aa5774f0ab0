using Temporalio.Common;

namespace Temporalio.Client.Schedules;

/// <summary>How a schedule is created.</summary>
public class ScheduleOptions : ICloneable
{
    /// <summary>True: takes the first action at once.</summary>
    public bool TriggerImmediately { get; set; }

    /// <summary>Stretches of time to run at once.</summary>
    public IReadOnlyCollection<ScheduleBackfill> Backfills { get; set; } = [];

    /// <summary>The schedule's own memo, which cannot be changed later. No value may be null.</summary>
    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    /// <summary>The schedule's own search attributes.</summary>
    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    /// <summary>Deadline, metadata, cancellation; null for the defaults.</summary>
    public RpcOptions? Rpc { get; set; }

    public virtual object Clone()
    {
        var copy = (ScheduleOptions)MemberwiseClone();
        copy.Rpc = (RpcOptions?)Rpc?.Clone();
        return copy;
    }
}
