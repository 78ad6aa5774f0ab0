using Google.Protobuf.WellKnownTypes;

namespace Temporal.Engine.Schedules;

/// <summary>Timestamps of messages as times, kept within what a <see cref="DateTime"/> can hold.</summary>
static class Instants
{
    const long SmallestSecond = -62_135_596_800;
    const long LargestSecond = 253_402_300_799;

    public static DateTime Of(Timestamp timestamp)
    {
        var seconds = Math.Clamp(timestamp.Seconds, SmallestSecond, LargestSecond);
        return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (Math.Clamp(timestamp.Nanos, 0, 999_999_999) / 100));
    }

    /// <summary>No timestamp is the beginning of 1970.</summary>
    public static DateTime OrEpoch(Timestamp? timestamp) => timestamp is null ? DateTime.UnixEpoch : Of(timestamp);

    public static DateTime Add(DateTime instant, TimeSpan span)
    {
        var ticks = (Int128)instant.Ticks + span.Ticks;
        return new((long)Int128.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
    }
}
