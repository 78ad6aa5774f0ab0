using System.CommandLine;
using System.Globalization;
using System.Text;
using Maintenance.Host.Importing;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance takeover ID</c> hands one imported line over: switched off in its crontab, its schedule no longer paused. The crontab is
/// copied before it is touched, and <c>--undo</c> gives the line back.
/// </summary>
static class TakeoverCommand
{
    static readonly Argument<string> Id = new("ID") { Description = "The imported schedule" };
    static readonly Option<bool> Undo = new("--undo") { Description = "Give the line back to cron, and pause the schedule" };
    static readonly Option<string> Crontab = new("--crontab") { Description = "Where the crontab is now (default: where it was imported from)", HelpName = "FILE" };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("takeover", "Switch an imported line off in its crontab and let its schedule run; --undo gives it back") { Id, Undo, Crontab };
        command.SetAction(parsed => Run(parsed, terminal));
        return command;
    }

    static int Run(ParseResult parsed, Terminal terminal)
    {
        var settings = parsed.ReadSettings().Settings;
        var (id, undo) = (parsed.GetValue(Id)!, parsed.GetValue(Undo));
        var from = ImportedFrom.Of(settings.JobsDirectory, Job(settings, id));
        var path = parsed.GetValue(Crontab) ?? from.File;
        var before = Read(path);
        if (!undo && CrontabTakeover.IsOff(before, id))
            terminal.Say($"{path}: the line of {id} is switched off already");
        else
            Change(path, before, Changed(before, id, from, undo, path), settings, terminal);

        Pause(settings, id, undo, terminal);
        terminal.Result(undo ? $"{id}: given back to cron" : $"{id}: taken over from {path}, line {from.Line}");
        return ExitCode.Ok;
    }

    static string Job(HostSettings settings, string id)
    {
        var read = ScheduleFile.Read(new DiskTexts(), settings.SchedulesFile, settings.Environment);
        if (!read.Ok)
            throw new CommandFailure(ExitCode.BadFiles, $"{settings.SchedulesFile} has problems; `maintenance validate` lists them. Nothing was changed.");
        return read.Value.Find(id)?.Job ?? throw new CommandFailure(
            ExitCode.NotFound, $"{settings.SchedulesFile} has no schedule '{id}'. {NearestName.Suggest(id, [.. read.Value.Schedules.Select(s => s.Id)])}".TrimEnd());
    }

    static byte[] Changed(byte[] before, string id, ImportedFrom from, bool undo, string path) => undo
        ? CrontabTakeover.SwitchOn(before, id) ?? throw new CommandFailure(ExitCode.NotFound, $"{path}: no line is switched off for {id}; nothing was changed.")
        : CrontabTakeover.SwitchOff(before, id, from.Line, from.Schedule) ?? throw new CommandFailure(
            ExitCode.Failed,
            $"{path}: line {from.Line} is no longer '{from.Schedule} …', as it was when it was imported; nothing was changed. Import the file again, or switch the line off by hand.");

    static void Change(string path, byte[] before, byte[] after, HostSettings settings, Terminal terminal)
    {
        var folder = Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "takeover"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var backup = Path.Combine(folder.FullName, $"{DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture)}-{Path.GetFileName(path)}");
        SafeFile.Replace(backup, before);
        terminal.Say($"copy of {path}: {backup}");
        try
        {
            SafeFile.Replace(path, after);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be changed: {denied.Message} Nothing was changed; run this as the crontab's owner.");
        }
    }

    /// <summary>After the crontab: between the two nothing runs twice.</summary>
    static void Pause(HostSettings settings, string id, bool paused, Terminal terminal)
    {
        var text = File.ReadAllText(settings.SchedulesFile);
        if (ScheduleFileEdit.SetPaused(text, id, paused ? ImportWriter.PausedReason : null) is not { } edited)
            terminal.Say($"{id} is not in {settings.SchedulesFile} itself, or is {(paused ? "" : "not ")}paused there already; look at its \"paused\" yourself");
        else
            SafeFile.Replace(settings.SchedulesFile, Encoding.UTF8.GetBytes(edited));
        terminal.Say(paused ? "`maintenance apply` pauses it on the server" : "`maintenance apply` lets it run; a running `up` has seen the file already");
    }

    static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.NotFound, $"{path} cannot be read: {unreadable.Message} Name it with `--crontab FILE`.");
        }
    }
}
