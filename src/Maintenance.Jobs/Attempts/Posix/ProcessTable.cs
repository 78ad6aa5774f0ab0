using System.Globalization;
using System.Text;

namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>Finds the processes that belong to an attempt: by session, by process group, or by the marker in their environment.</summary>
static class ProcessTable
{
    /// <summary>The variable that every process of an attempt inherits, unless it drops its environment.</summary>
    public const string MarkerVariable = "MAINTENANCE_ATTEMPT";

    /// <summary>
    /// Processes older than the supervisor cannot be its descendants, which spares reading most environments. Session and group are asked
    /// only when <paramref name="trustNumbers"/>.
    /// </summary>
    public static Belongings Belonging(ProcessIdentity supervisor, string marker, bool trustNumbers, ForkCount? startedAt = null)
    {
        var found = new List<ProcessIdentity>();
        var unsure = false;
        var variable = Encoding.UTF8.GetBytes($"{MarkerVariable}={marker}\0");
        foreach (var pid in startedAt?.NumbersAfter(supervisor.Pid) is { } range ? Enumerable.Range(range.From, range.To - range.From + 1) : AllPids())
        {
            if (pid == supervisor.Pid || ProcessStat.Read(pid) is not { } stat || stat.State is 'Z' or 'X' || stat.IsKernelThread || stat.StartTicks < supervisor.StartTicks)
                continue;
            var byNumber = trustNumbers && (stat.Session == supervisor.Pid || stat.Group == supervisor.Pid);
            var mark = byNumber ? Mark.Ours : MarkOf(pid, variable);
            unsure |= mark == Mark.Unreadable;
            if (mark == Mark.Ours)
                found.Add(new ProcessIdentity(pid, stat.StartTicks));
        }

        return new Belongings(found, unsure);
    }

    static IEnumerable<int> AllPids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                yield return pid;
        }
    }

    /// <summary>Another user's environment cannot be read; such a process is found by session or group, or not at all.</summary>
    static Mark MarkOf(int pid, byte[] variable) => ProcFile.ReadWhole(pid, "environ"u8) switch
    {
        null => Mark.Foreign,
        // While a process becomes another program it has no environment for a moment.
        [] => Mark.Unreadable,
        var environment => environment.AsSpan().IndexOf(variable) >= 0 ? Mark.Ours : Mark.Foreign,
    };

    /// <summary>What a process was started with; null when it is gone or another user's.</summary>
    public static IReadOnlyDictionary<string, string>? EnvironmentOf(int pid)
    {
        if (ProcFile.ReadWhole(pid, "environ"u8) is not { } content)
            return null;
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Encoding.UTF8.GetString(content).Split('\0'))
        {
            if (line.IndexOf('=') is var equals and > 0)
                environment[line[..equals]] = line[(equals + 1)..];
        }

        return environment;
    }

    enum Mark
    {
        Foreign,
        Ours,
        Unreadable,
    }
}

/// <summary>The processes of an attempt; <see cref="Unsure"/> when there was one that could not be told at this moment.</summary>
readonly record struct Belongings(IReadOnlyList<ProcessIdentity> Processes, bool Unsure);
