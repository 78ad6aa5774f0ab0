using Maintenance.Host.Cli;
using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>A file that says when something runs, as the program that it is made for reads it.</summary>
abstract record ScheduleSource(string Path)
{
    /// <param name="User">Null where nothing says whose crontab it is.</param>
    public sealed record Crontab(string Path, CrontabFile File, CrontabForm Form, string? User) : ScheduleSource(Path);

    public sealed record Anacrontab(string Path, AnacrontabFile File) : ScheduleSource(Path);

    /// <param name="Service">Null when there is no such file.</param>
    public sealed record Timer(string Path, TimerUnit Unit, ServiceUnit? Service) : ScheduleSource(Path);

    /// <summary>A folder whose scripts cron starts one after the other by <c>run-parts</c>.</summary>
    /// <param name="Schedule">When Debian's /etc/crontab does so.</param>
    /// <param name="Scripts">Names of those that run-parts takes.</param>
    /// <param name="Others">Names of the files that it leaves out, and why.</param>
    public sealed record RunParts(
        string Path, string Schedule, IReadOnlyList<string> Scripts, IReadOnlyList<(string Name, string Reason)> Others)
        : ScheduleSource(Path);

    /// <summary>A file that nothing reads, and why.</summary>
    public sealed record NotRead(string Path, string Reason, string Advice) : ScheduleSource(Path);
}

/// <summary>What the caller says about files that their names and places do not.</summary>
sealed record SourceOptions(bool System = false, bool Anacron = false, string? User = null);

/// <summary>Decides by place, name and content which program a file belongs to, and reads it as that one does.</summary>
static class ScheduleSources
{
    /// <summary>A service among the files is read with its timer.</summary>
    /// <exception cref="CommandFailure">A file cannot be read.</exception>
    public static IReadOnlyList<ScheduleSource> Read(IEnumerable<string> paths, SourceOptions options)
    {
        var sources = paths.SelectMany(
            path => Directory.Exists(path) ? SourceFolder.Read(path, file => One(file, options)) : [One(path, options)]).ToList();
        var started = sources.OfType<ScheduleSource.Timer>().Select(timer => timer.Unit.Unit).ToHashSet(StringComparer.Ordinal);
        sources.RemoveAll(source => source is ScheduleSource.NotRead && started.Contains(Path.GetFileName(source.Path)));
        return sources;
    }

    static ScheduleSource One(string path, SourceOptions options)
    {
        var content = Content(path);
        var name = Path.GetFileName(path);
        if (name.EndsWith(".timer", StringComparison.Ordinal))
            return Timer(path, content);
        if (name.EndsWith(".service", StringComparison.Ordinal))
            return new ScheduleSource.NotRead(path, "a service says what is started, and not when", "Name the timer that starts it.");
        if (options.Anacron || (!options.System && (name.StartsWith("anacrontab", StringComparison.Ordinal) || LooksLikeAnacron(content))))
            return new ScheduleSource.Anacrontab(path, AnacrontabFile.Parse(content));
        var form = options.System || IsSystemPlace(path) ? CrontabForm.System : CrontabForm.User;
        return new ScheduleSource.Crontab(
            path, CrontabFile.Parse(content, form), form, form == CrontabForm.User ? options.User ?? SpoolUser(path) : null);
    }

    static ScheduleSource.Timer Timer(string path, byte[] content)
    {
        var unit = TimerUnit.Parse(content, Path.GetFileName(path), DropIns(path));
        var service = new UnitName(unit.Unit);
        var folder = Path.GetDirectoryName(path) ?? "";
        // An instance such as backup@orders.service is made of the template backup@.service.
        var file = new[] { unit.Unit, $"{service.Prefix}@.service" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return new ScheduleSource.Timer(
            path, unit, file is null ? null : ServiceUnit.Parse(Content(file), unit.Unit, DropIns(Path.Combine(folder, unit.Unit), file)));
    }

    /// <summary>What an administrator put beside a unit (<c>systemctl edit</c>); an instance also has those of its template.</summary>
    static IEnumerable<UnitDropIn> DropIns(params string[] units) =>
        units.Distinct().Reverse().Select(unit => unit + ".d").Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.conf")).Select(file =>
                new UnitDropIn(Path.GetFileName(file), Content(file)))
            // Of two with one name the instance's own counts.
            .GroupBy(file => file.Name, StringComparer.Ordinal).Select(files => files.Last());

    /// <summary>/etc/crontab and the files of cron.d have a user on each line.</summary>
    static bool IsSystemPlace(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetFileName(Path.GetDirectoryName(full));
        return folder == "cron.d" || (folder == "etc" && Path.GetFileName(full) == "crontab");
    }

    /// <summary>In the spool folder a crontab is named for its user.</summary>
    static string? SpoolUser(string path)
    {
        var full = Path.GetFullPath(path);
        return Path.GetFileName(Path.GetDirectoryName(full)) is "crontabs" or "cron" && !Path.HasExtension(full)
            ? Path.GetFileName(full)
            : null;
    }

    /// <summary>There are jobs, anacron takes them all, and cron takes none in either form.</summary>
    static bool LooksLikeAnacron(byte[] content) =>
        AnacrontabFile.Parse(content) is { Errors.Count: 0, Jobs.Count: > 0 }
        && CrontabFile.Parse(content, CrontabForm.User).Entries.Count == 0
        && CrontabFile.Parse(content, CrontabForm.System).Entries.Count == 0;

    static byte[] Content(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.NotFound, $"{path} cannot be read: {unreadable.Message}");
        }
    }
}
