using Temporalio.Converters;

namespace Temporalio.Client.Schedules;

/// <summary>What is done when.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Spec">When to do it.</param>
public record Schedule(ScheduleAction Action, ScheduleSpec Spec)
{
    public SchedulePolicy Policy { get; init; } = new();

    public ScheduleState State { get; init; } = new();

    internal static Schedule FromProto(Api.Schedule.V1.Schedule proto, DataConverter converter, string ns) =>
        new(ScheduleAction.FromProto(proto.Action, converter, ns), ScheduleSpec.FromProto(proto.Spec ?? new()))
        {
            Policy = SchedulePolicy.FromProto(proto.Policies ?? new()),
            State = ScheduleState.FromProto(proto.State ?? new()),
        };

    internal async Task<Api.Schedule.V1.Schedule> ToProtoAsync(DataConverter converter, string ns) => new()
    {
        Action = await Action.ToProtoAsync(converter, ns),
        Spec = Spec.ToProto(),
        Policies = Policy.ToProto(),
        State = State.ToProto(),
    };
}
