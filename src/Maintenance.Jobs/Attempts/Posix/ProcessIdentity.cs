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

    // Of those behind the name; the start time is the last one of interest.
    const int FieldsRead = 20;

    /// <summary>Null when there is no such process (any more).</summary>
    /// <exception cref="IOException">It cannot be told, as when this process has no free descriptor: that is not the same as being gone.</exception>
    public static ProcessStat? Read(int pid)
    {
        Span<byte> line = stackalloc byte[ProcFile.StatBytesMax];
        return ProcFile.Read(pid, "stat"u8, line) is { } length ? Parse(pid, line[..length]) : null;
    }

    /// <summary>The name in parentheses may hold blanks and parentheses itself, so counting starts behind the last one.</summary>
    static ProcessStat? Parse(int pid, ReadOnlySpan<byte> line)
    {
        var name = line.LastIndexOf((byte)')');
        if (name < 0 || line.Length < name + 3)
            return null;
        var fields = line[(name + 2)..];
        Span<Range> at = stackalloc Range[FieldsRead];
        var count = 0;
        foreach (var field in fields.Split((byte)' '))
        {
            if (count == FieldsRead)
                break;
            at[count++] = field;
        }

        return count < FieldsRead
            ? null
            : new ProcessStat(
                pid, (char)fields[at[0]][0], (int)Number(fields[at[1]]), (int)Number(fields[at[2]]), (int)Number(fields[at[3]]),
                Number(fields[at[19]]), (Number(fields[at[6]]) & KernelThreadFlag) != 0);
    }

    static long Number(ReadOnlySpan<byte> text) => long.Parse(text, CultureInfo.InvariantCulture);
}
