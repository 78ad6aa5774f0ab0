using System.Globalization;

namespace Maintenance.Benchmarks;

/// <summary>What a process and those under it use, read from /proc.</summary>
static class ProcessUse
{
    const double TicksPerSecond = 100;

    /// <summary>Processor time so far of the process and of its children that have ended and were waited for.</summary>
    public static double ProcessorMs(int pid)
    {
        var fields = AfterName(pid);
        return Enumerable.Range(11, 4).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond * 1000;
    }

    /// <summary>Processor time so far of the process alone.</summary>
    public static double OwnProcessorMs(int pid)
    {
        var fields = AfterName(pid);
        return Enumerable.Range(11, 2).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond * 1000;
    }

    /// <summary>Processor time of its children that have ended and were waited for.</summary>
    public static double ChildrenMs(int pid)
    {
        var fields = AfterName(pid);
        return Enumerable.Range(13, 2).Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond * 1000;
    }

    public static double ResidentMb(int pid) =>
        double.Parse(
            File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) / 1024;

    // The name in parentheses may hold blanks; what follows it does not.
    static string[] AfterName(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }
}
