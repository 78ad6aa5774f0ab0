using Temporal.Engine.Stored;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Schedules;

/// <summary>
/// All that is known of one schedule, in the form in which it is stored. The machine changes it in place; everybody else
/// sees clones.
/// </summary>
sealed class ScheduleRecord(ScheduleDefinitionRecord definition, ScheduleProgressRecord progress)
{
    public const long FirstConflictToken = 1;
    const int RequestIdsKept = 100;

    public string Id => Definition.ScheduleId;

    /// <summary>Never changed, only replaced: it may be large, and clones share it.</summary>
    public ScheduleDefinitionRecord Definition { get; set; } = definition;

    public ScheduleProgressRecord Progress { get; } = progress;

    public ScheduleState State => Progress.State;

    public ScheduleInfo Info => Progress.Info;

    public SchedulePolicies Policies => Definition.Policies;

    public ScheduleRecord Clone() => new(Definition, Progress.Clone());

    /// <summary>Whether a request came before. Requests without id are never the same.</summary>
    public bool IsRepeated(string requestId) => requestId.Length > 0 && Progress.RequestIds.Contains(requestId);

    public void Remember(string requestId)
    {
        if (requestId.Length == 0)
            return;
        if (Progress.RequestIds.Count == RequestIdsKept)
            Progress.RequestIds.RemoveAt(0);
        Progress.RequestIds.Add(requestId);
    }
}
