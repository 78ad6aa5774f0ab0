using System.CommandLine;
using Maintenance.Host.Authoring;

namespace Maintenance.Host.Cli.Commands.Job;

/// <summary><c>maintenance job new NAME</c> writes the folder of a job that works, to be changed into one's own.</summary>
static class JobNewCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the job and of its folder" };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } given
                && !given.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
                result.AddError($"'{given}' is no name for a job; use small letters, digits and '-'");
        });
        var command = new Command("new", "Write the folder of a new job, with a script and tests") { name };
        command.SetAction(parsed =>
        {
            var folder = Path.Combine(Path.GetFullPath(parsed.ReadSettings().Settings.JobsDirectory), parsed.GetValue(name)!);
            if (Directory.Exists(folder))
                throw new CommandFailure(ExitCode.Busy, $"{folder} is there already; nothing was written.");
            Write(folder, parsed.GetValue(name)!);
            terminal.Result(folder);
            terminal.Say(
                $"next: `maintenance job test {parsed.GetValue(name)}`, then `maintenance job run --local {parsed.GetValue(name)}`");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The folder appears whole or not at all.</summary>
    static void Write(string folder, string name)
    {
        var draft = folder + ".new";
        Directory.CreateDirectory(Path.Combine(draft, JobCaseReader.Folder));
        foreach (var (file, text) in JobTemplate.Files(name))
        {
            var path = Path.Combine(draft, file);
            File.WriteAllText(path, text);
            if (text.StartsWith("#!", StringComparison.Ordinal))
                File.SetUnixFileMode(
                    path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Directory.Move(draft, folder);
    }
}
