using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>What an operator did to a schedule, for machines.</summary>
static class HoldJson
{
    public static object Of(ScheduleHold hold) => new
    {
        hold.Id,
        schedule = hold.ScheduleId,
        kind = hold.Kind,
        hold.Who,
        hold.Reason,
        createdAt = Instants.Format(hold.CreatedAt),
        until = hold.Until is { } until ? Instants.Format(until) : null,
        count = hold.Kind == HoldKind.Skip ? hold.Count : (int?)null,
        workflow = hold.WorkflowId,
    };
}
