namespace Maintenance.Schedules;

public enum TimingEventKind
{
    Due,

    /// <summary>Local times that fell into a gap and are not made up; stands at the first instant after the gap.</summary>
    Lost,

    /// <summary>A pass of a repeated local time in which nothing runs.</summary>
    PassSkipped,

    /// <summary>Due, but in an excluded window or outside the only one.</summary>
    Excluded,
}

/// <summary>Which pass of a local time that comes twice.</summary>
public enum Pass
{
    Only,
    First,
    Second,
}

/// <summary>
/// Something that a timing has to say about an instant (seconds since 1970). <see cref="Runs"/> is more than 1 only where each of several
/// lost times gets its own run. Lost local times are seconds on the local clock.
/// </summary>
public readonly record struct TimingEvent(long At, TimingEventKind Kind)
{
    public int Runs { get; init; } = 1;
    public Pass Pass { get; init; }
    public int Lost { get; init; }
    public long FirstLost { get; init; }
    public long LastLost { get; init; }

    /// <summary>The calendar that excluded it, or that it lies outside of; empty when that is written in place and has no name.</summary>
    public string Calendar { get; init; } = "";

    /// <summary>It lies outside of the only calendar.</summary>
    public bool Outside { get; init; }
}
