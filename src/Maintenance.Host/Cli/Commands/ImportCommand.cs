using System.CommandLine;
using System.Globalization;
using Maintenance.Host.Importing;
using Maintenance.Host.Settings;
using Maintenance.Jobs.Definition;
using Maintenance.Host.Runtime;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance import</c> reads crontabs as cron does and makes schedules and jobs of them.</summary>
static class ImportCommand
{
    static readonly Argument<string[]> Files = new("FILE") { Description = "Crontab files", Arity = ArgumentArity.OneOrMore };
    static readonly Option<bool> System = new("--system") { Description = "The files have a user on each line, as /etc/crontab and /etc/cron.d do" };
    static readonly Option<bool> Anacron = new("--anacron") { Description = "The files are tables of anacron" };
    static readonly Option<string> From = new("--from") { Description = "After this time are the due times that --json shows of timers (default: now)", HelpName = "TIME" };
    static readonly Option<string> User = new("--user") { Description = "Whose crontab it is", HelpName = "NAME" };
    static readonly Option<string> TimeZone = new("--time-zone") { Description = "Zone of the machine that ran it (default: this machine's)", HelpName = "ZONE" };
    static readonly Option<bool> Write = new("--write") { Description = "Make the job folders; the entries for schedules.json are printed" };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("import", "Make schedules and jobs of crontab lines; with --json print only what cron reads") { Files, System, Anacron, User, TimeZone, From, Write };
        command.SetAction(parsed => Run(parsed, terminal));
        return command;
    }

    static int Run(ParseResult parsed, Terminal terminal)
    {
        var sources = ScheduleSources.Read(
            parsed.GetValue(Files) ?? [], new SourceOptions(parsed.GetValue(System), parsed.GetValue(Anacron), parsed.GetValue(User)));
        if (parsed.WantsJson())
        {
            var from = ReadFrom(parsed);
            var parses = sources.Select(source => SourceJson.Of(source, from, Zones.Get(Zone(parsed)))).ToList();
            terminal.ResultJson(parses.Count == 1 ? parses[0] : parses);
            return ExitCode.Ok;
        }

        var files = sources.OfType<ScheduleSource.Crontab>().ToList();
        var settings = parsed.ReadSettings().Settings;
        var zone = Zone(parsed);
        var taken = Taken(settings);
        var refused = 0;
        foreach (var (path, file, _, _) in files)
        {
            var import = CrontabImport.Of(file, path, zone, taken);
            taken.UnionWith(import.Imported.Select(i => i.Id));
            Say(path, file, import, terminal);
            foreach (var line in import.Imported)
                Take(line, parsed.GetValue(Write) ? settings.JobsDirectory : null, terminal);
            refused += import.Refused.Count;
        }

        return refused == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    static DateTimeOffset ReadFrom(ParseResult parsed)
    {
        if (parsed.GetValue(From) is not { } text)
            return TimeProvider.System.GetUtcNow();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from)
            ? from
            : throw new CommandFailure(ExitCode.Usage, $"--from is '{text}'; write a time such as 2027-03-27T00:00Z.");
    }

    static string Zone(ParseResult parsed)
    {
        var id = parsed.GetValue(TimeZone) ?? TimeZoneInfo.Local.Id;
        return Zones.Find(id) is not null ? id : throw new CommandFailure(
            ExitCode.Usage,
            $"{Zones.Unknown(id)} {Zones.Suggestion(id)} Name it with `--time-zone`.");
    }

    static HashSet<string> Taken(HostSettings settings)
    {
        var taken = JobFolder.List(settings.JobsDirectory).ToHashSet(StringComparer.Ordinal);
        if (File.Exists(settings.SchedulesFile) && ScheduleFile.Read(new DiskTexts(), settings.SchedulesFile, settings.Environment).Value is { } set)
            taken.UnionWith(set.Schedules.Select(s => s.Id));
        return taken;
    }

    static void Say(string path, CrontabFile file, CrontabImport import, Terminal terminal)
    {
        if (!file.Loads)
            terminal.Say($"{path}: Debian's cron ignores this whole file: {file.Refusal}");
        foreach (var line in import.Refused)
            terminal.Say($"{path}:{line.Line}: not imported: {line.Reason} {line.Advice}");
        foreach (var line in import.Imported)
        {
            foreach (var warning in line.Warnings)
                terminal.Say($"{path}:{line.Line}: {line.Id}: {warning}");
        }

        foreach (var line in file.Disabled)
            terminal.Say($"{path}:{line.Line}: a comment that looks like a line switched off: {line.Schedule} {line.Command}");
        terminal.Say($"{path}: {import.Imported.Count} lines imported, {import.Refused.Count} not");
    }

    static void Take(ImportedLine line, string? jobsDirectory, Terminal terminal)
    {
        terminal.Result(line.EntryJson + ",");
        if (jobsDirectory is null)
            return;
        var folder = Directory.CreateDirectory(Path.Combine(jobsDirectory, line.Id)).FullName;
        foreach (var (name, text) in line.JobFiles)
        {
            var file = Path.Combine(folder, name);
            File.WriteAllText(file, text);
            if (name.EndsWith(".sh", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(
                    file,
                    File.GetUnixFileMode(file) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }
    }
}
