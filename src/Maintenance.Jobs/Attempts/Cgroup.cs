namespace Maintenance.Jobs.Attempts;

/// <summary>
/// A cgroup v2 that this process may make children in: the one containment that nothing escapes from. Where there is none, sessions, groups
/// and the environment marker must do, and the record says so.
/// </summary>
sealed class Cgroup
{
    readonly string _parent;

    Cgroup(string parent) => _parent = parent;

    /// <summary>
    /// <paramref name="setting"/>: "auto" uses the cgroup of this process when it was delegated, "off" none, anything else is the path of a cgroup to use.
    /// </summary>
    public static Cgroup? Find(string setting)
    {
        if (setting == "off")
            return null;
        var parent = setting == "auto" ? OwnDelegated() : setting;
        return parent is not null && CanMakeChildren(parent) ? new Cgroup(parent) : null;
    }

    public string Create(string name)
    {
        var path = Path.Combine(_parent, "attempt-" + name);
        Directory.CreateDirectory(path);
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

    public static void RemoveIfEmpty(string path)
    {
        if (Directory.Exists(path) && File.ReadAllText(Path.Combine(path, "cgroup.procs")).Length == 0)
            Directory.Delete(path);
    }

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
