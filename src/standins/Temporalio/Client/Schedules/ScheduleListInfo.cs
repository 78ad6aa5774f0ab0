namespace Temporalio.Client.Schedules;

/// <summary>What lists show of a schedule's doings. Times are UTC.</summary>
/// <param name="RecentActions">The last actions.</param>
/// <param name="NextActionTimes">The next due times.</param>
public record ScheduleListInfo(
    IReadOnlyCollection<ScheduleActionResult> RecentActions, IReadOnlyCollection<DateTime> NextActionTimes)
{
    internal static ScheduleListInfo FromProto(Api.Schedule.V1.ScheduleListInfo proto) => new(
        [.. proto.RecentActions.Select(ScheduleActionResult.FromProto)],
        [.. proto.FutureActionTimes.Select(time => time.ToDateTime())]);
}
