using System.CommandLine;
using System.Globalization;
using Temporal.Engine;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance engine backup|restore|check</c>: what an operator does with the engine's data.</summary>
static class EngineDataCommands
{
    static readonly Argument<string> File = new("FILE") { Description = "The backup" };

    public static void AddTo(Command engine, Terminal terminal)
    {
        engine.Add(Command(
            "backup", "Copy the engine's data into a new FILE and read the copy through; a running engine goes on meanwhile", File,
            parsed => BackUp(parsed, terminal)));
        engine.Add(Command(
            "restore", "Put a backup in the place of the engine's data; what was there is kept beside it. Stop the engine first", File,
            parsed => Restore(parsed, terminal)));
        engine.Add(Command(
            "check", "Read all of the engine's data once and say what is there and what is damaged; changes nothing", null,
            parsed => Check(parsed, terminal)));
    }

    static Command Command(string name, string description, Argument<string>? argument, Func<ParseResult, int> run)
    {
        var command = new Command(name, description);
        if (argument is not null)
            command.Add(argument);
        command.SetAction(parsed =>
        {
            try
            {
                return run(parsed);
            }
            catch (EngineDataException ex)
            {
                throw new CommandFailure(ExitCode.Failed, ex.Message);
            }
            catch (EngineStartException ex)
            {
                throw new CommandFailure(ex.IsInUse ? ExitCode.Busy : ExitCode.CannotCreate, ex.Message);
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailure(ExitCode.CannotCreate, ex.Message);
            }
        });
        return command;
    }

    static string Folder(ParseResult parsed) => Path.Combine(parsed.ReadSettings().Settings.DataDirectory, "engine");

    static string FullPath(ParseResult parsed) => Path.GetFullPath(parsed.GetRequiredValue(File));

    static int BackUp(ParseResult parsed, Terminal terminal)
    {
        Say(EngineData.BackUp(Folder(parsed), FullPath(parsed)), parsed, terminal);
        return ExitCode.Ok;
    }

    static int Restore(ParseResult parsed, Terminal terminal)
    {
        var (report, before) = EngineData.Restore(Folder(parsed), FullPath(parsed), TimeProvider.System.GetUtcNow());
        Say(report, parsed, terminal);
        if (before is not null)
            terminal.Say($"what was there before is in {before}; remove it when you need it no more");
        return ExitCode.Ok;
    }

    static int Check(ParseResult parsed, Terminal terminal)
    {
        var report = EngineData.Check(Folder(parsed));
        Say(report, parsed, terminal);
        if (report.Damage.Count == 0)
            return ExitCode.Ok;
        terminal.Say(
            "the engine's data is damaged: stop the engine and restore a backup with `maintenance engine restore FILE`; have the disk "
                + "checked");
        return ExitCode.Failed;
    }

    static void Say(EngineDataReport report, ParseResult parsed, Terminal terminal)
    {
        if (parsed.WantsJson())
        {
            terminal.ResultJson(report);
            return;
        }

        terminal.Result(
            $"file        {report.Path} ({Megabytes(report.Size)}, log {Megabytes(report.LogSize)}, "
                + $"schema {report.Schema}, {report.Commits} commits)");
        if (report.Damage.Count == 0)
        {
            var oldest = report.OldestOpenStart is { } start ? $", the oldest since {start:yyyy-MM-dd HH:mm:ss}Z" : "";
            terminal.Result($"workflows   {report.OpenWorkflows} open{oldest}; {report.ClosedWorkflows} closed");
            terminal.Result($"events      {report.Events}");
            terminal.Result($"schedules   {report.Schedules}");
            terminal.Result($"namespaces  {report.Namespaces}");
        }

        terminal.Result(report.Damage.Count == 0 ? "damage      none" : $"damage      {report.Damage.Count} findings");
        foreach (var finding in report.Damage)
            terminal.Result($"  {finding}");
    }

    static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MB");
}
