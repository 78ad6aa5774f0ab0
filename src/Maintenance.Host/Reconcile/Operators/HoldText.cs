using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>What an operator did to a schedule, as a line for people and as the schedule's note on the server.</summary>
static class HoldText
{
    public static string Of(ScheduleHold hold) => hold.Kind switch
    {
        HoldKind.RunAt =>
            $"+ extra run of {hold.ScheduleId} at {Instants.Format(hold.Until!.Value)} by {hold.Who}{Because(hold)} ({hold.WorkflowId})",
        HoldKind.Skip => $"= skips {hold.ScheduleId}: {Note(hold)}{(hold.WorkflowId is { } run ? $" (in its place: {run})" : "")}",
        _ => $"= held {hold.ScheduleId}: {Note(hold)}",
    };

    /// <summary>Stands in the schedule on the server, so that people who look at it there know who to ask.</summary>
    public static string Note(ScheduleHold hold) => hold.Kind == HoldKind.Skip
        ? $"skips {(hold.Count == 1 ? "the next due time" : $"the next {hold.Count} due times")}, by {hold.Who}{Because(hold)}"
        : $"paused by {hold.Who} {(hold.Until is { } until ? $"until {Instants.Format(until)}" : "until it is resumed")}{Because(hold)}";

    static string Because(ScheduleHold hold) => string.IsNullOrEmpty(hold.Reason) ? "" : $": {hold.Reason}";
}
