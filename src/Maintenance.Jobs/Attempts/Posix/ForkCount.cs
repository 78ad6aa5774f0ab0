using System.Globalization;

namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>
/// How many processes were made since boot, taken when an attempt starts. As long as the numbers have not gone round since, everything that
/// the attempt made lies between the supervisor's number and the last one given, and the other processes of the host need not be looked at.
/// </summary>
readonly record struct ForkCount(long Forks)
{
    // Beyond this many numbers listing /proc is the cheaper way.
    const int RangeMax = 1000;

    static readonly long _pidMax = long.Parse(File.ReadAllText("/proc/sys/kernel/pid_max"), CultureInfo.InvariantCulture);

    public static ForkCount Now()
    {
        foreach (var line in File.ReadLines("/proc/stat"))
        {
            if (line.StartsWith("processes ", StringComparison.Ordinal))
                return new ForkCount(long.Parse(line.AsSpan("processes ".Length), CultureInfo.InvariantCulture));
        }

        return new ForkCount(0);
    }

    /// <summary>The numbers given out after <paramref name="first"/>; null when they may have gone round or are too many.</summary>
    public (int From, int To)? NumbersAfter(int first)
    {
        var last = LastPid();
        return Now().Forks - Forks < _pidMax / 2 && last >= first && last - first <= RangeMax ? (first + 1, last) : null;
    }

    static int LastPid()
    {
        var load = File.ReadAllText("/proc/loadavg");
        return int.Parse(load.AsSpan(load.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
    }
}
