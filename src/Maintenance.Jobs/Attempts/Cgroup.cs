using System.Globalization;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// A cgroup v2 that this process may make children in: the one containment that nothing escapes from. Where there is none, sessions, groups
/// and the environment marker must do, and the record says so.
/// </summary>
sealed class Cgroup
{
    static readonly string[] _wanted = ["memory", "pids", "cpu"];

    readonly string _parent;
    readonly Lazy<IReadOnlySet<string>> _controllers;

    Cgroup(string parent)
    {
        _parent = parent;
        _controllers = new Lazy<IReadOnlySet<string>>(() => Enable(parent, _wanted));
    }

    /// <summary>
    /// What its children can limit. Looked at only when a step has limits, because it may move this process into a child.
    /// </summary>
    public IReadOnlySet<string> Controllers => _controllers.Value;

    /// <summary>
    /// <paramref name="setting"/>: "auto" uses the cgroup of this process when it was delegated, "off" none, anything else is the path of a
    /// cgroup to use.
    /// </summary>
    public static Cgroup? Find(string setting)
    {
        if (setting == "off")
            return null;
        var parent = setting == "auto" ? OwnDelegated() : setting;
        return parent is not null && CanMakeChildren(parent) ? new Cgroup(parent) : null;
    }

    public string Create(string name, IReadOnlyDictionary<string, string> limits)
    {
        var path = Path.Combine(_parent, "attempt-" + name);
        Directory.CreateDirectory(path);
        foreach (var (file, value) in limits)
            File.WriteAllText(Path.Combine(path, file), value);
        return path;
    }

    /// <summary>Ends every process in the group at once, also those that fork while it happens. Returns how many there were.</summary>
    public static int Kill(string path)
    {
        if (!Directory.Exists(path))
            return 0;
        var members = File.ReadAllLines(Path.Combine(path, "cgroup.procs")).Length;
        if (members > 0)
            File.WriteAllText(Path.Combine(path, "cgroup.kill"), "1");
        return members;
    }

    /// <summary>How many of its processes the kernel ended because the group was over its limit of memory.</summary>
    public static int KilledForMemory(string path)
    {
        var file = Path.Combine(path, "memory.events");
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("oom_kill ", StringComparison.Ordinal)) : null;
        return line is null ? 0 : int.Parse(line.AsSpan("oom_kill ".Length), CultureInfo.InvariantCulture);
    }

    public static void RemoveIfEmpty(string path)
    {
        if (Directory.Exists(path) && File.ReadAllText(Path.Combine(path, "cgroup.procs")).Length == 0)
            Directory.Delete(path);
    }

    /// <summary>
    /// Lets the children of a cgroup limit what is wanted, as far as the system gives it. A cgroup that divides its resources may hold no
    /// process itself, so those in it, this one among them, go into a child first.
    /// </summary>
    internal static IReadOnlySet<string> Enable(string parent, IReadOnlyList<string> wanted)
    {
        var given = Words(Path.Combine(parent, "cgroup.controllers"));
        foreach (var controller in wanted.Where(given.Contains))
        {
            if (!TryEnable(parent, controller))
            {
                MoveProcesses(parent, Path.Combine(parent, "maintenance-runner"));
                _ = TryEnable(parent, controller);
            }
        }

        return Words(Path.Combine(parent, "cgroup.subtree_control"));
    }

    static bool TryEnable(string parent, string controller)
    {
        try
        {
            File.WriteAllText(Path.Combine(parent, "cgroup.subtree_control"), "+" + controller);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    static void MoveProcesses(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var pid in File.ReadAllLines(Path.Combine(from, "cgroup.procs")))
        {
            try
            {
                File.WriteAllText(Path.Combine(to, "cgroup.procs"), pid);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
    }

    static HashSet<string> Words(string file) => [.. File.ReadAllText(file).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Root may write everywhere, which is no delegation: the group of a systemd machine is then not ours to divide.</summary>
    static string? OwnDelegated()
    {
        if (Posix.Native.GetUid() == 0)
            return null;
        var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::", StringComparison.Ordinal))?[3..];
        var mount = File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')).FirstOrDefault(m => m is [_, _, "cgroup2", ..])?[1];
        return own is null || mount is null ? null : mount + own.TrimEnd('/');
    }

    static bool CanMakeChildren(string parent)
    {
        var probe = Path.Combine(parent, $"maintenance-probe-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(probe);
            var usable = File.Exists(Path.Combine(probe, "cgroup.kill"));
            Directory.Delete(probe);
            return usable;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
