using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Host.Importing;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance export</c> writes the schedules of a server that are not this installation's as entries of schedules.json.
/// </summary>
static class ExportCommand
{
    static readonly Argument<string[]> Ids = new("ID")
    {
        Description = "Schedules on the server (default: all that are not ours)", Arity = ArgumentArity.ZeroOrMore,
    };
    static readonly Option<bool> Write = new("--write") { Description = "Add the entries to schedules.json instead of printing them" };
    static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "export",
            "Write schedules that others made on the server as entries of schedules.json; the server is not changed") { Ids, Write };
        command.SetAction((parsed, stop) => RunAsync(parsed, terminal, stop));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var settings = parsed.ReadSettings().Settings;
        var server = new ServerExport(
            await TemporalAccess.ConnectAsync(settings), settings, await ScheduleFiles.OptionsAsync(settings, stop));
        var exported = new List<ExportedSchedule>();
        foreach (var id in parsed.GetValue(Ids) is { Length: > 0 } given ? given.Distinct() : await server.ForeignAsync(stop))
            exported.Add(
                await server.OfAsync(id, stop)
                    ?? throw new CommandFailure(
                        ExitCode.NotFound, $"the server has no schedule '{id}'; `maintenance export` shows those that others made."));

        Say(exported, terminal);
        if (parsed.GetValue(Write))
            WriteEntries(exported, settings, parsed.WantsJson(), terminal);
        else if (!parsed.WantsJson())
            terminal.Result(ScheduleFileEdit.Append(ScheduleFileEdit.Empty, Entries(exported))!.TrimEnd());
        if (parsed.WantsJson())
            terminal.ResultJson(exported.Select(e => new { e.Id, e.Ok, e.Entry, e.Refusals, e.Notes }));
        return exported.All(e => e.Ok) ? ExitCode.Ok : ExitCode.Failed;
    }

    static void Say(List<ExportedSchedule> exported, Terminal terminal)
    {
        foreach (var schedule in exported)
        {
            foreach (var reason in schedule.Refusals)
                terminal.Say($"{schedule.Id}: not exported: {reason}");
            foreach (var note in schedule.Notes)
                terminal.Say($"{schedule.Id}: {note}");
        }

        terminal.Say($"{exported.Count(e => e.Ok)} exported, {exported.Count(e => !e.Ok)} not; the server is as it was");
    }

    /// <summary>What the file has already is left alone, so that it can be repeated.</summary>
    static void WriteEntries(List<ExportedSchedule> exported, HostSettings settings, bool asJson, Terminal terminal)
    {
        var text = File.Exists(settings.SchedulesFile) ? File.ReadAllText(settings.SchedulesFile) : ScheduleFileEdit.Empty;
        var there = File.Exists(settings.SchedulesFile)
            ? Read(settings)?.Schedules.Select(s => s.Id).ToHashSet(StringComparer.Ordinal)
            : [];
        if (there is null || ScheduleFileEdit.Append(text, []) is null)
            throw new CommandFailure(
                ExitCode.BadFiles, $"{settings.SchedulesFile} has problems; `maintenance validate` lists them. Nothing was written.");
        foreach (var known in exported.Where(e => e.Ok && there.Contains(e.Id)))
            terminal.Say($"{known.Id}: {settings.SchedulesFile} has a schedule of that name already; it was left alone");
        var added = exported.Where(e => e.Ok && !there.Contains(e.Id)).ToList();
        if (added.Count == 0)
            return;

        SafeFile.Replace(settings.SchedulesFile, Encoding.UTF8.GetBytes(ScheduleFileEdit.Append(text, Entries(added))!));
        var set = Read(settings);
        foreach (var schedule in added)
        {
            if (!asJson)
                terminal.Result(schedule.Id);
            if (set?.Find(schedule.Id) is { } read && ByDefaults(schedule.Schedule!, read) is { Count: > 0 } changed)
                terminal.Say($"{schedule.Id}: the file's \"defaults\" change it: {string.Join(", ", changed)}");
        }

        terminal.Say(
            $"{added.Count} written to {settings.SchedulesFile}; `maintenance plan --adopt {string.Join(' ', added.Select(e => e.Id))}` "
                + "shows what would change, apply with the same makes them yours");
    }

    static IEnumerable<string> Entries(IEnumerable<ExportedSchedule> exported) =>
        exported.Where(e => e.Ok).Select(e => e.Entry!.ToJsonString(_readable));

    static ScheduleSet? Read(HostSettings settings) =>
        ScheduleFile.Read(new DiskTexts(), settings.SchedulesFile, settings.Environment).Value;

    /// <summary>Members of the entry that say something else among the defaults of its file than alone.</summary>
    static List<string> ByDefaults(Schedule alone, Schedule inFile)
    {
        var (before, after) = (JsonNode.Parse(alone.ResolvedJson)!.AsObject(), JsonNode.Parse(inFile.ResolvedJson)!.AsObject());
        return
        [
            .. after.Select(member => member.Key)
                // Intervals have no zone, and no clock changes.
                .Where(name =>
                    name is not ("owner" or "runbook" or "tags") && (before.ContainsKey("calendar") || name is not ("timeZone" or "dst")))
                .Where(name => !JsonNode.DeepEquals(before[name], after[name])),
        ];
    }
}
