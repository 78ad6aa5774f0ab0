using Maintenance.Host.Cli;

namespace Maintenance.Host.Importing;

/// <summary>
/// What cron finds in a folder, by the folder's name: /etc/cron.d, /etc/cron.daily and the like, the spool, or the root of a machine.
/// </summary>
static class SourceFolder
{
    // As Debian's /etc/crontab starts run-parts on them.
    static readonly Dictionary<string, string> _parts = new(StringComparer.Ordinal)
    {
        ["cron.hourly"] = "17 * * * *", ["cron.daily"] = "25 6 * * *", ["cron.weekly"] = "47 6 * * 7", ["cron.monthly"] = "52 6 1 * *",
    };

    public static IEnumerable<ScheduleSource> Read(string folder, Func<string, ScheduleSource> read)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        if (_parts.TryGetValue(name, out var schedule))
            return [Parts(folder, schedule)];
        if (name == "cron.d")
            return Files(folder).Select(file => NameProblem(Path.GetFileName(file)) is { } problem
                ? new ScheduleSource.NotRead(file, problem, "Cron has never run what is in it; rename it if it shall run.")
                : read(file));
        if (name == "crontabs")
            return Files(folder).Select(read);
        var timers = Files(folder).Where(file => file.EndsWith(".timer", StringComparison.Ordinal)).ToList();
        if (timers.Count > 0)
            return timers.Select(read);
        return Directory.Exists(Path.Combine(folder, "etc")) ? Machine(folder, read) : throw new CommandFailure(
            ExitCode.NotFound,
            $"{folder} is no folder that cron or systemd reads; name a file, a cron.d, cron.daily or crontabs folder, a folder with "
                + "timers, or the root of a machine.");
    }

    /// <summary>All that a machine has, in the places of Debian.</summary>
    static IEnumerable<ScheduleSource> Machine(string root, Func<string, ScheduleSource> read)
    {
        string[] files = ["etc/crontab", "etc/anacrontab"];
        string[] folders = ["etc/cron.d", .. _parts.Keys.Select(part => $"etc/{part}"), "var/spool/cron/crontabs", "etc/systemd/system"];
        return files.Select(file => Path.Combine(root, file)).Where(File.Exists).Select(read)
            .Concat(folders.Select(folder => Path.Combine(root, folder))
                .Where(folder =>
                    Directory.Exists(folder)
                        && (!folder.EndsWith("systemd/system", StringComparison.Ordinal)
                            || Directory.GetFiles(folder, "*.timer").Length > 0))
                .SelectMany(folder => Read(folder, read)));
    }

    static ScheduleSource.RunParts Parts(string folder, string schedule)
    {
        var (scripts, others) = (new List<string>(), new List<(string, string)>());
        foreach (var file in Files(folder))
        {
            var name = Path.GetFileName(file);
            var problem = NameProblem(name)
                ?? (File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute)
                    ? null
                    : "it is not executable, so run-parts leaves it out");
            if (problem is null)
                scripts.Add(name);
            else
                others.Add((name, problem));
        }

        return new ScheduleSource.RunParts(folder, schedule, scripts, others);
    }

    /// <summary>The rule is the same for /etc/cron.d and for run-parts. The package's own marker file is nothing to tell of.</summary>
    static string? NameProblem(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? null
            : $"Debian's cron takes only names of letters, digits, '_' and '-', so it leaves '{name}' out";

    static IEnumerable<string> Files(string folder) =>
        Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != ".placeholder").Order(StringComparer.Ordinal);
}
