using System.Globalization;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// How job.json writes a moment: a time of day (the next one), a date (its beginning), a date with time, or the latter with an offset.
/// </summary>
public static class MomentText
{
    public const string Example = "Write a time of day (22:00), a date (2026-12-24), or both (2026-12-24T22:00).";

    static readonly string[] _locals = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd"];
    static readonly string[] _instants = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>Null when the text is none of them.</summary>
    public static Moment? Parse(string text)
    {
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return new Moment.OfDay(time);
        if (DateTime.TryParseExact(text, _locals, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return new Moment.Local(local);
        return DateTimeOffset.TryParseExact(text, _instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? new Moment.Instant(instant.ToUniversalTime())
            : null;
    }
}

public abstract record Moment
{
    Moment()
    {
    }

    public sealed record OfDay(TimeOnly Time) : Moment;

    public sealed record Local(DateTime Time) : Moment;

    public sealed record Instant(DateTimeOffset Time) : Moment;
}
