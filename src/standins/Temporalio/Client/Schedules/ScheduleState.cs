namespace Temporalio.Client.Schedules;

/// <summary>What changes while a schedule lives.</summary>
public record ScheduleState
{
    /// <summary>For people; pause and unpause replace it.</summary>
    public string? Note { get; init; }

    /// <summary>True: takes no action by itself.</summary>
    public bool Paused { get; init; }

    /// <summary>True: stops after <see cref="RemainingActions"/>.</summary>
    public bool LimitedActions { get; init; }

    public long RemainingActions { get; init; }

    internal static ScheduleState FromProto(Api.Schedule.V1.ScheduleState proto) => new()
    {
        Note = proto.Notes.Length == 0 ? null : proto.Notes,
        Paused = proto.Paused,
        LimitedActions = proto.LimitedActions,
        RemainingActions = proto.RemainingActions,
    };

    internal Api.Schedule.V1.ScheduleState ToProto()
    {
        if (!LimitedActions && RemainingActions > 0)
            throw new ArgumentException("RemainingActions is set without LimitedActions; set both or none.");
        if (LimitedActions && RemainingActions == 0)
            throw new ArgumentException("LimitedActions is set with RemainingActions 0; such a schedule would never act.");

        return new()
        {
            Notes = Note ?? string.Empty,
            Paused = Paused,
            LimitedActions = LimitedActions,
            RemainingActions = RemainingActions,
        };
    }
}
