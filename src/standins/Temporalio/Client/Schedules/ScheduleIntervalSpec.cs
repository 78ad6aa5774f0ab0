using Google.Protobuf.WellKnownTypes;

namespace Temporalio.Client.Schedules;

/// <summary>Times at equal distances, counted from 1970.</summary>
/// <param name="Every">The distance; at least a second.</param>
/// <param name="Offset">Moves all of them; less than the distance. Null: zero.</param>
public record ScheduleIntervalSpec(TimeSpan Every, TimeSpan? Offset = null)
{
    internal static ScheduleIntervalSpec FromProto(Api.Schedule.V1.IntervalSpec proto) =>
        new(proto.Interval?.ToTimeSpan() ?? default, proto.Phase?.ToTimeSpan());

    internal Api.Schedule.V1.IntervalSpec ToProto() => new()
    {
        Interval = Duration.FromTimeSpan(Every),
        Phase = Offset is { } offset ? Duration.FromTimeSpan(offset) : null,
    };
}
