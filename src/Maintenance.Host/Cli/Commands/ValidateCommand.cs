using System.CommandLine;
using Maintenance.Host.Reconcile;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance validate</c> reads the files as <c>apply</c> would, needs no server, and changes nothing.</summary>
static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "validate", "Check schedules.json, resources.json and the jobs: every problem with file, line, column and a fix");
        command.SetAction(parsed =>
        {
            var settings = parsed.ReadSettings().Settings;
            var read = DesiredState.Load(settings, TimeProvider.System.GetUtcNow());
            if (parsed.WantsJson())
            {
                terminal.ResultJson(new
                {
                    valid = read.Ok,
                    schedules = read.Value?.Set.Schedules.Select(
                        schedule => new { schedule.Id, schedule.Job, paused = schedule.PausedReason }),
                    jobs = read.Value?.Jobs.Select(job => job.Name),
                    resources = read.Value?.Resources.Select(resource => resource.Id),
                    problems = read.Problems,
                });
                return read.Ok ? ExitCode.Ok : ExitCode.BadFiles;
            }

            if (!read.Ok)
            {
                BadFiles.Say(read.Problems, terminal);
                return ExitCode.BadFiles;
            }

            foreach (var schedule in read.Value.Set.Schedules.Where(schedule => schedule.PausedReason is not null))
                terminal.Result($"paused: {schedule.Id}: {schedule.PausedReason}");
            var resources = read.Value.Resources.Count == 0 ? "" : $", {read.Value.Resources.Count} resources";
            terminal.Result($"{read.Value.Set.Schedules.Count} schedules and {read.Value.Jobs.Count} jobs{resources}, no problem");
            return ExitCode.Ok;
        });
        return command;
    }
}
