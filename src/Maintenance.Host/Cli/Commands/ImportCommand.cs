using System.CommandLine;
using System.Globalization;
using Maintenance.Host.Importing;
using Maintenance.Host.Settings;
using Maintenance.Host.Runtime;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance import</c> reads crontabs and timers as cron and systemd do and makes schedules and jobs of them.</summary>
static class ImportCommand
{
    static readonly Argument<string[]> Files = new("FILE")
    {
        Description =
            "Crontabs, tables of anacron, timers; or a folder of them: cron.d, cron.daily and its kin, crontabs, the root of a machine",
        Arity = ArgumentArity.OneOrMore,
    };
    static readonly Option<bool> System = new("--system")
    {
        Description = "The files have a user on each line, as /etc/crontab and /etc/cron.d do",
    };
    static readonly Option<bool> Anacron = new("--anacron") { Description = "The files are tables of anacron" };
    static readonly Option<string> From = new("--from")
    {
        Description = "After this time are the due times of --prove, and those that --json shows of timers (default: now)",
        HelpName = "TIME",
    };
    static readonly Option<string> User = new("--user") { Description = "Whose crontab it is", HelpName = "NAME" };
    static readonly Option<string> TimeZone = new("--time-zone")
    {
        Description = "Zone of the machine that ran it (default: this machine's)", HelpName = "ZONE",
    };
    static readonly Option<bool> Write = new("--write") { Description = "Write the job folders, and the entries into schedules.json" };
    static readonly Option<bool> Prove = new("--prove")
    {
        Description =
            "Compare the next 10,000 due times of each line with cron walked through minute by minute, and 1,000 of each timer with "
                + "systemd",
    };
    static readonly Option<string> Host = new("--host")
    {
        Description = "The steps run on this host of the inventory; ids begin with its name", HelpName = "NAME",
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("import", "Make schedules and jobs of crontabs and timers; with --json print only what cron reads")
        {
            Files, System, Anacron, User, TimeZone, From, Prove, Host, Write,
        };
        command.SetAction(parsed => Run(parsed, terminal));
        return command;
    }

    static int Run(ParseResult parsed, Terminal terminal)
    {
        var sources = ScheduleSources.Read(
            parsed.GetValue(Files) ?? [], new SourceOptions(parsed.GetValue(System), parsed.GetValue(Anacron), parsed.GetValue(User)));
        if (parsed.GetValue(Prove))
            return ProveLines(sources, parsed, terminal);
        if (parsed.WantsJson())
        {
            var from = ReadFrom(parsed);
            var parses = sources.Select(source => SourceJson.Of(source, from, Zones.Get(Zone(parsed)))).ToList();
            terminal.ResultJson(parses.Count == 1 ? parses[0] : parses);
            return ExitCode.Ok;
        }

        return Import(sources, parsed, terminal);
    }

    /// <summary>Holds each line that would be imported against the same line walked through minute by minute.</summary>
    static int ProveLines(IReadOnlyList<ScheduleSource> sources, ParseResult parsed, Terminal terminal)
    {
        var from = ReadFrom(parsed);
        var proofs = SourceProof.Of(sources, Zone(parsed), from);
        if (parsed.WantsJson())
            terminal.ResultJson(
                proofs.Select(p => new { file = p.Path, p.Line, p.Schedule, p.Proof.Compared, p.Proof.Until, p.Proof.Difference }));
        else
            foreach (var (path, line, schedule, proof) in proofs)
                terminal.Result(
                    $"{path}:{line}: {schedule}: "
                    + (proof.Difference is { } difference
                        ? $"DIFFERENT: {difference}"
                        : $"{proof.Compared} due times until {proof.Until:yyyy-MM-dd} are the same"));
        if (!SystemdCalendar.IsHere && sources.Any(source => source is ScheduleSource.Timer))
            terminal.Say("the timers are not compared: systemd-analyze is not installed here");
        terminal.Say(
            $"{proofs.Count} lines compared from {Instants.Format(from)} on; lines that are not imported, intervals and anacron's table "
                + "have nothing to compare");
        return proofs.Any(p => p.Proof.Difference is not null) ? ExitCode.Failed : ExitCode.Ok;
    }

    static int Import(IReadOnlyList<ScheduleSource> sources, ParseResult parsed, Terminal terminal)
    {
        var settings = parsed.ReadSettings().Settings;
        var (zone, write) = (Zone(parsed), parsed.GetValue(Write));
        var writer = new ImportWriter(settings);
        var taken = Taken(settings);
        var (lines, refused) = (new List<ImportedLine>(), 0);
        foreach (var source in sources)
        {
            var import = SourceImport.Of(source, zone, parsed.GetValue(Host), taken);
            var known = import.Imported.ToLookup(line => writer.Known(line) is not null);
            Say(source, import, writer, terminal);
            lines.AddRange(known[false]);
            taken.UnionWith(known[false].Select(line => line.Id));
            refused += import.Refused.Count;
        }

        foreach (var line in lines)
            terminal.Result(write ? line.Id : line.EntryJson + ",");
        if (write)
        {
            writer.Write(lines);
            terminal.Say($"{lines.Count} jobs and schedules written; look at them, then `maintenance validate` and `maintenance next`");
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

    static string Zone(ParseResult parsed) => Zone(parsed.GetValue(TimeZone));

    /// <exception cref="CommandFailure">There is no such zone.</exception>
    internal static string Zone(string? given)
    {
        var id = given ?? TimeZoneInfo.Local.Id;
        return Zones.Find(id) is not null ? id : throw new CommandFailure(
            ExitCode.Usage,
            $"{Zones.Unknown(id)} {Zones.Suggestion(id)} Name it with `--time-zone`.");
    }

    static HashSet<string> Taken(HostSettings settings)
    {
        var taken = Directory.Exists(settings.JobsDirectory)
            ? Directory.GetFileSystemEntries(settings.JobsDirectory)
                .Select(path => Path.GetFileName(path))
                .ToHashSet(StringComparer.Ordinal)
            : [];
        if (File.Exists(settings.SchedulesFile)
            && ScheduleFile.Read(new DiskTexts(), settings.SchedulesFile, settings.Environment).Value is { } set)
            taken.UnionWith(set.Schedules.Select(s => s.Id));
        return taken;
    }

    static void Say(ScheduleSource source, ImportedLines import, ImportWriter writer, Terminal terminal)
    {
        string At(int line) => line > 0 ? $"{source.Path}:{line}" : source.Path;
        if (source is ScheduleSource.Crontab { File.Refusal: { } refusal })
            terminal.Say($"{source.Path}: Debian's cron ignores this whole file: {refusal}");
        foreach (var line in import.Refused)
            terminal.Say($"{At(line.Line)}: not imported: {line.Reason} {line.Advice}");
        foreach (var line in import.Imported)
        {
            if (writer.Known(line) is { } job)
                terminal.Say($"{At(line.Line)}: imported before, as {job}");
            else
                foreach (var warning in line.Warnings)
                    terminal.Say($"{At(line.Line)}: {line.Id}: {warning}");
        }

        terminal.Say($"{source.Path}: {import.Imported.Count} imported, {import.Refused.Count} not");
    }
}
