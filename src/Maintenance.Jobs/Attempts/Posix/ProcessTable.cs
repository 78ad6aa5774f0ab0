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
        foreach (var pid in startedAt?.NumbersAfter(supervisor.Pid) is { } range ? Existing(range.From, range.To) : AllPids())
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

    /// <summary>Most of the numbers are of processes that have ended; asking first is cheaper than an exception each.</summary>
    static IEnumerable<int> Existing(int from, int to) => Enumerable.Range(from, to - from + 1).Where(pid => File.Exists($"/proc/{pid}/stat"));

    /// <summary>Another user's environment cannot be read; such a process is found by session or group, or not at all.</summary>
    static Mark MarkOf(int pid, byte[] variable)
    {
        try
        {
            // While a process becomes another program it has no environment for a moment.
            var environment = File.ReadAllBytes($"/proc/{pid}/environ");
            return environment.Length == 0 ? Mark.Unreadable : environment.AsSpan().IndexOf(variable) >= 0 ? Mark.Ours : Mark.Foreign;
        }
        catch (Exception gone) when (IsGoneOrClosed(gone))
        {
            return Mark.Foreign;
        }
    }

    /// <summary>What a process was started with; null when it is gone or another user's.</summary>
    public static IReadOnlyDictionary<string, string>? EnvironmentOf(int pid)
    {
        try
        {
            var environment = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var line in Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0'))
            {
                if (line.IndexOf('=') is var equals and > 0)
                    environment[line[..equals]] = line[(equals + 1)..];
            }

            return environment;
        }
        catch (Exception gone) when (IsGoneOrClosed(gone))
        {
            return null;
        }
    }

    /// <summary>That this process has no descriptor to look with tells nothing about the one that is looked at.</summary>
    static bool IsGoneOrClosed(Exception problem) =>
        problem is UnauthorizedAccessException || (problem is IOException io && !Errno.IsPassing(Errno.Of(io)));

    enum Mark
    {
        Foreign,
        Ours,
        Unreadable,
    }
}

/// <summary>The processes of an attempt; <see cref="Unsure"/> when there was one that could not be told at this moment.</summary>
readonly record struct Belongings(IReadOnlyList<ProcessIdentity> Processes, bool Unsure);
