using System.Globalization;
using System.Text;
using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>One thing that a takeover does. Done again it changes nothing.</summary>
sealed record TakeoverStep(string Name, Func<CancellationToken, Task> DoAsync);

/// <summary>
/// Hands one imported line over, or gives it back, in steps that may be cut off anywhere: whoever has it stops before the other begins, so
/// that nothing runs twice. Between the two nobody runs it, which <c>takeover</c> without an id and <c>status</c> say; the same command
/// again goes on.
/// </summary>
/// <param name="server">Null where there is no server to tell, because none has ever run.</param>
sealed class Takeover(HostSettings settings, string id, ImportedFrom from, string crontab, TakeoverServer? server, Action<string> say)
{
    public IReadOnlyList<TakeoverStep> Take() =>
    [
        new("switch the line off", _ => ChangeAsync(undo: false)),
        new("take the pause out of the file", _ => PauseAsync(reason: null)),
        new("resume on the server", stop => server?.ResumeAsync(id, stop) ?? Task.CompletedTask),
    ];

    public IReadOnlyList<TakeoverStep> GiveBack() =>
    [
        new("check that the line can come back", _ => CheckAsync()),
        new("pause in the file", _ => PauseAsync(ImportWriter.PausedReason)),
        new("pause on the server", stop => server?.PauseAsync(id, stop) ?? Task.CompletedTask),
        new("switch the line on", _ => ChangeAsync(undo: true)),
    ];

    Task CheckAsync()
    {
        var content = Read(crontab);
        if (!CrontabTakeover.IsOff(content, id) && !from.IsOn(content))
            throw new CommandFailure(ExitCode.NotFound, $"{crontab}: no line is switched off for {id}; nothing was changed.");
        return Task.CompletedTask;
    }

    Task ChangeAsync(bool undo)
    {
        var before = Read(crontab);
        if (CrontabTakeover.IsOff(before, id) != undo)
        {
            say($"{crontab}: the line of {id} is switched {(undo ? "on" : "off")} already");
            return Task.CompletedTask;
        }

        var after = undo ? CrontabTakeover.SwitchOn(before, id) : CrontabTakeover.SwitchOff(before, id, from.Line, from.Schedule);
        Write(before, after ?? throw new CommandFailure(
            ExitCode.Failed,
            $"{crontab}: line {from.Line} is no longer '{from.Schedule} …', as it was when it was imported; nothing was changed. Import "
                + "the file again, or switch the line off by hand."));
        return Task.CompletedTask;
    }

    void Write(byte[] before, byte[] after)
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(settings.DataDirectory, "takeover"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var backup = Path.Combine(
            folder.FullName,
            $"{DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture)}-{Path.GetFileName(crontab)}");
        SafeFile.Replace(backup, before);
        Directory.CreateDirectory(Path.GetDirectoryName(PathFile(settings, id))!);
        File.WriteAllText(PathFile(settings, id), Path.GetFullPath(crontab));
        say($"copy of {crontab}: {backup}");
        try
        {
            SafeFile.Replace(crontab, after);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.Failed,
                $"{crontab} cannot be changed: {denied.Message} Run this as the crontab's owner. `maintenance takeover` says who runs {id} "
                    + "now.");
        }
    }

    Task PauseAsync(string? reason)
    {
        var text = File.ReadAllText(settings.SchedulesFile);
        if (ScheduleFileEdit.SetPaused(text, id, reason) is { } edited)
            SafeFile.Replace(settings.SchedulesFile, Encoding.UTF8.GetBytes(edited));
        else
            say(
                $"{id} is not in {settings.SchedulesFile} itself, or is {(reason is null ? "not " : "")}paused there already; look at its "
                    + "\"paused\" yourself");
        return Task.CompletedTask;
    }

    /// <summary>Where the crontab was when its line was last changed; null: never.</summary>
    public static string? CrontabOf(HostSettings settings, string id) =>
        PathFile(settings, id) is var file && File.Exists(file) ? File.ReadAllText(file) : null;

    static string PathFile(HostSettings settings, string id) => Path.Combine(settings.DataDirectory, "takeover", "crontabs", id);

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
