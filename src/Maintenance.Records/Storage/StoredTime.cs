namespace Maintenance.Records;

/// <summary>Times as both databases keep them: UTC, microseconds; what is finer is cut off so that both return the same.</summary>
static class StoredTime
{
    const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    public static DateTime ToUtc(DateTimeOffset time) =>
        new(time.UtcTicks - time.UtcTicks % TicksPerMicrosecond, DateTimeKind.Utc);

    public static DateTime? ToUtc(DateTimeOffset? time) => time is { } value ? ToUtc(value) : null;

    public static DateTimeOffset FromUtc(DateTime time) => new(time.Ticks, TimeSpan.Zero);

    public static DateTimeOffset? FromUtc(DateTime? time) => time is { } value ? FromUtc(value) : null;

    public static long ToMicroseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TicksPerMicrosecond;

    public static long? ToMicroseconds(DateTimeOffset? time) => time is { } value ? ToMicroseconds(value) : null;

    public static DateTimeOffset FromMicroseconds(long time) => DateTimeOffset.UnixEpoch.AddTicks(time * TicksPerMicrosecond);

    public static DateTimeOffset? FromMicroseconds(long? time) => time is { } value ? FromMicroseconds(value) : null;
}
