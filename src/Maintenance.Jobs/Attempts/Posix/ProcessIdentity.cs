using System.Globalization;

namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>
/// A process id alone may be somebody else's tomorrow; together with the start time (clock ticks since boot) it names one process.
/// </summary>
readonly record struct ProcessIdentity(int Pid, long StartTicks)
{
    /// <summary>Reads the line that the supervisor writes: "pid start end". Null when it is absent or was cut off.</summary>
    public static ProcessIdentity? Read(string file)
    {
        if (!File.Exists(file))
            return null;
        var words = File.ReadAllText(file).Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words is [var pid, var start, "end"]
            ? new ProcessIdentity(int.Parse(pid, CultureInfo.InvariantCulture), long.Parse(start, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>A zombie counts as gone: nothing of it runs any more.</summary>
    public bool IsAlive => ProcessStat.Read(Pid) is { } stat && stat.StartTicks == StartTicks && stat.State is not ('Z' or 'X');

    public void Signal(int signal)
    {
        if (IsAlive)
            _ = Native.Kill(Pid, signal);
    }
}

/// <summary>The fields of /proc/PID/stat that say where a process belongs.</summary>
readonly record struct ProcessStat(int Pid, char State, int Parent, int Group, int Session, long StartTicks, bool IsKernelThread = false)
{
    const long KernelThreadFlag = 0x00200000;

    /// <summary>Null when there is no such process (any more).</summary>
    /// <exception cref="IOException">It cannot be told, as when this process has no free descriptor: that is not the same as being gone.</exception>
    public static ProcessStat? Read(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText($"/proc/{pid}/stat"));
        }
        catch (IOException gone) when (gone is FileNotFoundException or DirectoryNotFoundException || gone.HResult == Native.ESRCH)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The name in parentheses may hold blanks and parentheses itself, so counting starts behind the last one.</summary>
    internal static ProcessStat? Parse(int pid, string line)
    {
        var name = line.LastIndexOf(')');
        if (name < 0)
            return null;
        var fields = line[(name + 2)..].Split(' ');
        return fields.Length < 20
            ? null
            : new ProcessStat(
                pid, fields[0][0], Number(fields[1]), Number(fields[2]), Number(fields[3]),
                long.Parse(fields[19], CultureInfo.InvariantCulture),
                (long.Parse(fields[6], CultureInfo.InvariantCulture) & KernelThreadFlag) != 0);
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
