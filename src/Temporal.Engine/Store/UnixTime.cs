namespace Temporal.Engine;

/// <summary>Times as the store keeps them: nanoseconds since 1970, UTC.</summary>
static class UnixTime
{
    public static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * 100;

    public static DateTime FromNanoseconds(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / 100);
}
