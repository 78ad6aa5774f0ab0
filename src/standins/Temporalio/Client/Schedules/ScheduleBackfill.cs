using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;

namespace Temporalio.Client.Schedules;

/// <summary>A stretch of time whose due times are run now.</summary>
/// <param name="StartAt">Start; a due time exactly then is in it. Local times are converted.</param>
/// <param name="EndAt">End, inclusive.</param>
/// <param name="Overlap">Overlap policy; unspecified: the schedule's.</param>
public record ScheduleBackfill(
    DateTime StartAt, DateTime EndAt, ScheduleOverlapPolicy Overlap = ScheduleOverlapPolicy.Unspecified)
{
    internal Api.Schedule.V1.BackfillRequest ToProto() => new()
    {
        StartTime = StartAt.ToUniversalTime().ToTimestamp(),
        EndTime = EndAt.ToUniversalTime().ToTimestamp(),
        OverlapPolicy = Overlap,
    };
}
