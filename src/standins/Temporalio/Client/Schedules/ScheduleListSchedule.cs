namespace Temporalio.Client.Schedules;

/// <summary>What lists show of a schedule itself.</summary>
public record ScheduleListSchedule(ScheduleListAction Action, ScheduleSpec Spec, ScheduleListState State)
{
    internal static ScheduleListSchedule FromProto(Api.Schedule.V1.ScheduleListInfo proto) => new(
        new ScheduleListActionStartWorkflow(proto.WorkflowType?.Name ?? string.Empty),
        ScheduleSpec.FromProto(proto.Spec ?? new()),
        new(proto.Notes.Length == 0 ? null : proto.Notes, proto.Paused));
}
