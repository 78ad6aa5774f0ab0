namespace Maintenance.Schedules;

/// <summary>One way to say when: a schedule has one or more of them. <see cref="Text"/> is how it is written.</summary>
public abstract record Timing(string Text)
{
    /// <summary>Lazily, in order, strictly after the instant (seconds since 1970).</summary>
    public abstract IEnumerable<TimingEvent> After(long instant);
}

public enum FieldsOrigin
{
    Cron,
    Calendar,
    OnCalendar,
    At,
}

/// <summary>Local times of a zone by their fields.</summary>
public sealed record FieldsTiming(string Text, FieldsOrigin Origin, FieldSet Fields, Zone Zone, DstRules Dst) : Timing(Text)
{
    public override IEnumerable<TimingEvent> After(long instant) => ZonedTimes.After(Fields, Zone, Dst, instant);
}

/// <summary>Every so many seconds, counted from 1970 as Temporal does, so that it stays the same whatever changes around it.</summary>
public sealed record IntervalTiming(string Text, long Every, long Offset) : Timing(Text)
{
    public override IEnumerable<TimingEvent> After(long instant)
    {
        var steps = Math.DivRem(instant - Offset, Every, out var rest);
        if (rest < 0)
            steps--;
        var last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        for (var at = ((steps + 1) * Every) + Offset; at < last; at += Every)
            yield return new TimingEvent(at, TimingEventKind.Due);
    }
}

/// <summary>One instant, once.</summary>
public sealed record InstantTiming(string Text, long At) : Timing(Text)
{
    public override IEnumerable<TimingEvent> After(long instant)
    {
        if (At > instant)
            yield return new TimingEvent(At, TimingEventKind.Due);
    }
}
