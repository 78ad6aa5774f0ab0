namespace Temporalio.Client.Schedules;

/// <summary>An action that was taken.</summary>
/// <param name="ScheduledAt">Its due time with jitter, UTC.</param>
/// <param name="StartedAt">When it was taken, UTC.</param>
/// <param name="Action">What it did.</param>
public record ScheduleActionResult(DateTime ScheduledAt, DateTime StartedAt, ScheduleActionExecution Action)
{
    internal static ScheduleActionResult FromProto(Api.Schedule.V1.ScheduleActionResult proto) => new(
        proto.ScheduleTime?.ToDateTime() ?? default,
        proto.ActualTime?.ToDateTime() ?? default,
        ScheduleActionExecutionStartWorkflow.FromProto(proto.StartWorkflowResult ?? new()));
}
