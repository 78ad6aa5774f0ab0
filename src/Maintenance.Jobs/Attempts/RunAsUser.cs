using System.Globalization;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Another user's rights for a script. The host's settings name the permitted users, never the job; only root can give them. Such a script
/// has its folder outside the state folder, whose content is nobody else's business.
/// </summary>
static class RunAsUser
{
    const string Program = "setpriv";
    const UnixFileMode Passable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Null and null when the script keeps the worker's rights.</summary>
    public static (SystemUser? User, AttemptOutcome.CouldNotStart? Refusal) Find(string? name, AttemptHostOptions options)
    {
        if (name is null)
            return (null, null);
        if (!options.RunAs.Contains(name))
            return (
                null,
                Refused(
                    $"runAs '{name}' is not permitted on this host. Name the user in the worker's setting Worker:RunAs if it shall be."));
        if (SystemUser.Find(name) is not { } user)
            return (null, Refused($"runAs '{name}': this host has no such user."));
        if (Native.GetUid() == user.Uid)
            return (null, null);
        return Native.GetUid() == 0
            ? (user, null)
            : (null, Refused($"runAs '{name}' needs a worker that runs as root; this one runs as {Environment.UserName}."));
    }

    /// <summary>What stands before the command. Null when the program for it is not there.</summary>
    public static IReadOnlyList<string>? Prefix(SystemUser user) =>
        Interpreter.FindOnPath(Program, CleanEnvironment.DefaultPath) is { } setpriv
            ? [setpriv, "--reuid=" + Number(user.Uid), "--regid=" + Number(user.Gid), "--init-groups", "--inh-caps=-all", "--"]
            : null;

    public static AttemptOutcome.CouldNotStart NoProgram(string user) =>
        new("ENOENT", $"runAs '{user}' needs the program setpriv. Install util-linux on this host.", Passing: false);

    /// <summary>The folder of one attempt where others may pass through; what is in it belongs to the user.</summary>
    public static string HomeOf(AttemptKey key, AttemptHostOptions options)
    {
        var root = Path.Combine(options.RunAsRoot, "maintenance-steps-" + options.HostId);
        if (new DirectoryInfo(root) is { LinkTarget: not null })
            throw new IOException($"{root} is a link that somebody else made. Remove it.");
        Directory.CreateDirectory(root);
        // Whoever made it first, it is root's from here on.
        if (Native.ChangeOwner(root, 0, 0) != 0)
            throw new IOException($"{root} cannot be taken over. Look who made it.");
        File.SetUnixFileMode(root, Passable);
        return Path.Combine(root, key.FolderName);
    }

    static AttemptOutcome.CouldNotStart Refused(string why) => new("RUNAS", why, Passing: false);

    static string Number(uint id) => id.ToString(CultureInfo.InvariantCulture);
}
