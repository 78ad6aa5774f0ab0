namespace Temporalio.Client.Schedules;

/// <summary>Values from <paramref name="Start"/> to <paramref name="End"/>, both included.</summary>
/// <param name="Start">First value.</param>
/// <param name="End">Last value; less than the start: the start.</param>
/// <param name="Step">Distance between values; 0 is 1.</param>
public record ScheduleRange(int Start, int End, int Step)
{
    public static readonly ScheduleRange Zero = new(0);

    /// <summary>One value.</summary>
    public ScheduleRange(int start)
        : this(start, 0, 0)
    {
    }

    /// <summary>Each value from start to end.</summary>
    public ScheduleRange(int start, int end)
        : this(start, end, 0)
    {
    }

    internal static ScheduleRange FromProto(Api.Schedule.V1.Range proto) => new(proto.Start, proto.End, proto.Step);

    internal Api.Schedule.V1.Range ToProto() => new() { Start = Start, End = End, Step = Step };
}
