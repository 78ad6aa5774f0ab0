using System.CommandLine;
using System.Diagnostics;
using Maintenance.Host.Authoring;
using Maintenance.Jobs.Definition;

namespace Maintenance.Host.Cli.Commands.Job;

/// <summary>
/// <c>maintenance job check JOB</c>: the definition, its references and test cases, and what shellcheck says of the scripts.
/// </summary>
static class JobCheckCommand
{
    static readonly string[] _shells = ["sh", "bash", "dash", "ksh"];

    public static Command Create(Terminal terminal)
    {
        var job = JobCommand.Named();
        var command = new Command(
            "check", "Check a job: definition, references, test cases, and its scripts with shellcheck where that is installed") { job };
        command.SetAction(async (parsed, stop) =>
        {
            var (folder, name) = parsed.Place(parsed.GetValue(job)!);
            var source = JobFolder.Read(folder, name);
            var cases = JobCaseReader.ReadAll(Path.Combine(folder, name));
            var problems = source.Problems.Concat(cases.Problems).ToList();
            if (problems.Count > 0)
                BadFiles.Say(problems, terminal);
            var shell = source.Ok ? await ShellcheckAsync(Path.Combine(folder, name), source.Value, terminal, stop) : true;
            if (problems.Count > 0 || !shell)
                return ExitCode.BadFiles;

            terminal.Result($"{name}: no problem, {cases.Cases.Count} test cases");
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>True when there is nothing to complain of, or no shellcheck to do it.</summary>
    static async Task<bool> ShellcheckAsync(string folder, JobSource job, Terminal terminal, CancellationToken stop)
    {
        var scripts = job.Files.Where(file => IsShell(file.Value)).Select(file => Path.Combine(folder, file.Key)).ToList();
        if (scripts.Count == 0)
            return true;
        if (!IsInstalled("shellcheck"))
        {
            terminal.Say("shellcheck is not installed; the scripts themselves were not looked at");
            return true;
        }

        var start = new ProcessStartInfo("shellcheck", ["--format=gcc", "--severity=warning", .. scripts])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("shellcheck did not start.");
        var said = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            terminal.Say(line);
        return process.ExitCode == 0;
    }

    static bool IsShell(string text) =>
        text.StartsWith("#!", StringComparison.Ordinal)
        && text[2..].Split('\n')[0].Split('/', ' ').Any(word => _shells.Contains(word.Trim()));

    static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
