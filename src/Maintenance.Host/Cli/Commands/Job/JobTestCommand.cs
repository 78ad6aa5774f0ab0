using System.CommandLine;
using System.Diagnostics;
using Maintenance.Host.Authoring;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Host.Cli.Commands.Job;

/// <summary>
/// <c>maintenance job test JOB</c> runs the cases in the job's folder <c>tests</c>: its scripts for real, the commands they call as the
/// case says.
/// </summary>
static class JobTestCommand
{
    public static Command Create(Terminal terminal)
    {
        var job = JobCommand.Named();
        var only = new Option<string>("--case") { Description = "Only the cases with this in their name", HelpName = "TEXT" };
        var command = new Command("test", "Run a job's own tests: its scripts for real, the commands they call as each case says")
        {
            job, only,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var (folder, name) = parsed.Place(parsed.GetValue(job)!);
            if (parsed.ReadJobs(parsed.GetValue(job)!, terminal) is not { } sources)
                return ExitCode.BadFiles;
            var (cases, problems) = JobCaseReader.ReadAll(Path.Combine(folder, name));
            if (problems.Count > 0)
            {
                BadFiles.Say(problems, terminal);
                return ExitCode.BadFiles;
            }

            var wanted = cases.Where(c => c.Name.Contains(parsed.GetValue(only) ?? "", StringComparison.Ordinal)).ToList();
            if (wanted.Count == 0)
                throw new CommandFailure(
                    ExitCode.NotFound,
                    $"there is no such case in {Path.Combine(folder, name, JobCaseReader.Folder)}; docs/job-tests.md shows how to write "
                        + "one.");
            return await RunAsync(sources, wanted, parsed.WantsJson(), terminal, stop);
        });
        return command;
    }

    static async Task<int> RunAsync(
        IReadOnlyList<JobSource> jobs, IReadOnlyList<JobCase> cases, bool json, Terminal terminal, CancellationToken stop)
    {
        var verdicts = new List<CaseVerdict>();
        foreach (var one in cases)
        {
            var started = Stopwatch.GetTimestamp();
            var verdict = new CaseVerdict(
                one.Name, await DifferencesAsync(jobs, one, stop), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            verdicts.Add(verdict);
            if (!json)
                Print(verdict, terminal);
        }

        var failed = verdicts.Count(verdict => !verdict.Passed);
        if (json)
            terminal.ResultJson(verdicts);
        else
            terminal.Result($"{verdicts.Count - failed} passed, {failed} failed");
        return failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    static async Task<IReadOnlyList<string>> DifferencesAsync(IReadOnlyList<JobSource> jobs, JobCase one, CancellationToken stop)
    {
        // The worker is this process: what a case says of its environment holds while the case runs.
        var before = one.Environment.Keys.ToDictionary(key => key, Environment.GetEnvironmentVariable);
        using var commands = new FakeCommands(one.Commands);
        try
        {
            foreach (var (key, value) in one.Environment)
                Environment.SetEnvironmentVariable(key, value);
            await using var installation = await LocalInstallation.StartAsync(commands.Folder, NullLoggerFactory.Instance, stop);
            var run = await installation.RunAsync(
                jobs, one.Input.DeepClone().AsObject(),
                wait =>
                    wait.Step is { } step ? one.Approvals.GetValueOrDefault(step, ApprovalDecision.Approved) : ApprovalDecision.Approved,
                skipWaits: true, stop);
            return JobCaseVerdict.Of(one.Expect, run, commands.Calls());
        }
        finally
        {
            foreach (var (key, value) in before)
                Environment.SetEnvironmentVariable(key, value);
        }
    }

    static void Print(CaseVerdict verdict, Terminal terminal)
    {
        terminal.Result($"{(verdict.Passed ? "PASS" : "FAIL")} {verdict.Case} ({verdict.Milliseconds} ms)");
        foreach (var line in verdict.Differences.SelectMany(difference => difference.Split('\n')))
            terminal.Result($"     {line}");
    }

    sealed record CaseVerdict(string Case, IReadOnlyList<string> Differences, long Milliseconds)
    {
        public bool Passed => Differences.Count == 0;
    }
}
