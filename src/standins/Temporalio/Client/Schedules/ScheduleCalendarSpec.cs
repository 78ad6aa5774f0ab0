namespace Temporalio.Client.Schedules;

/// <summary>Times whose every part is in its ranges. By default: each midnight.</summary>
public record ScheduleCalendarSpec
{
    /// <summary>Only zero.</summary>
    public static readonly IReadOnlyCollection<ScheduleRange> Beginning = [ScheduleRange.Zero];

    public static readonly IReadOnlyCollection<ScheduleRange> AllMonthDays = [new(1, 31)];

    public static readonly IReadOnlyCollection<ScheduleRange> AllMonths = [new(1, 12)];

    public static readonly IReadOnlyCollection<ScheduleRange> AllWeekDays = [new(0, 6)];

    /// <summary>0 to 59.</summary>
    public IReadOnlyCollection<ScheduleRange> Second { get; init; } = Beginning;

    /// <summary>0 to 59.</summary>
    public IReadOnlyCollection<ScheduleRange> Minute { get; init; } = Beginning;

    /// <summary>0 to 23.</summary>
    public IReadOnlyCollection<ScheduleRange> Hour { get; init; } = Beginning;

    /// <summary>1 to 31; must match together with the day of week.</summary>
    public IReadOnlyCollection<ScheduleRange> DayOfMonth { get; init; } = AllMonthDays;

    /// <summary>1 to 12.</summary>
    public IReadOnlyCollection<ScheduleRange> Month { get; init; } = AllMonths;

    /// <summary>Empty: every year.</summary>
    public IReadOnlyCollection<ScheduleRange> Year { get; init; } = [];

    /// <summary>0 to 6, Sunday is 0.</summary>
    public IReadOnlyCollection<ScheduleRange> DayOfWeek { get; init; } = AllWeekDays;

    /// <summary>For people.</summary>
    public string? Comment { get; init; }

    internal static ScheduleCalendarSpec FromProto(Api.Schedule.V1.StructuredCalendarSpec proto) => new()
    {
        Second = Ranges(proto.Second),
        Minute = Ranges(proto.Minute),
        Hour = Ranges(proto.Hour),
        DayOfMonth = Ranges(proto.DayOfMonth),
        Month = Ranges(proto.Month),
        Year = Ranges(proto.Year),
        DayOfWeek = Ranges(proto.DayOfWeek),
        Comment = proto.Comment.Length == 0 ? null : proto.Comment,
    };

    internal Api.Schedule.V1.StructuredCalendarSpec ToProto() => new()
    {
        Second = { Protos(Second) },
        Minute = { Protos(Minute) },
        Hour = { Protos(Hour) },
        DayOfMonth = { Protos(DayOfMonth) },
        Month = { Protos(Month) },
        Year = { Protos(Year) },
        DayOfWeek = { Protos(DayOfWeek) },
        Comment = Comment ?? string.Empty,
    };

    static IReadOnlyCollection<ScheduleRange> Ranges(IEnumerable<Api.Schedule.V1.Range> protos) =>
        [.. protos.Select(ScheduleRange.FromProto)];

    static IEnumerable<Api.Schedule.V1.Range> Protos(IEnumerable<ScheduleRange> ranges) =>
        ranges.Select(range => range.ToProto());
}
