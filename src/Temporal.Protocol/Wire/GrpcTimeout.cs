using System.Globalization;

namespace Temporal.Protocol;

/// <summary>The header <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
static class GrpcTimeout
{
    public const string Header = "grpc-timeout";

    const int DigitsMax = 8;
    const long CountMax = 99_999_999;

    static readonly (char Unit, long Ticks)[] Units =
    [
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>The finest unit that holds the time, rounded up so that the server never gives up before the caller.</summary>
    public static string Write(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
            return "0m";

        foreach (var (unit, ticks) in Units)
        {
            var count = (timeout.Ticks - 1) / ticks + 1;
            if (count <= CountMax)
                return $"{count}{unit}";
        }

        return $"{CountMax}H";
    }

    public static bool TryRead(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > DigitsMax + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;

        long? ticks = text[^1] switch
        {
            'H' => count * TimeSpan.TicksPerHour,
            'M' => count * TimeSpan.TicksPerMinute,
            'S' => count * TimeSpan.TicksPerSecond,
            'm' => count * TimeSpan.TicksPerMillisecond,
            'u' => count * TimeSpan.TicksPerMicrosecond,
            'n' => count / TimeSpan.NanosecondsPerTick,
            _ => null,
        };
        timeout = new(ticks ?? 0);
        return ticks is not null;
    }
}
