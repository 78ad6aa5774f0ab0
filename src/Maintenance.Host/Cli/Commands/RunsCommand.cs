using System.CommandLine;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance runs</c> lists runs, newest first.</summary>
static class RunsCommand
{
    public static Command Create(Terminal terminal)
    {
        var job = new Option<string>("--job") { Description = "Only runs of this job", HelpName = "NAME" };
        var schedule = new Option<string>("--schedule") { Description = "Only runs of this schedule", HelpName = "ID" };
        var status = new Option<RunStatus?>("--status") { Description = "Only runs that stand so" };
        var limit = new Option<int>("--limit", "-n") { Description = "At most this many, 1 to 1000", DefaultValueFactory = _ => 20 };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) is < 1 or > RunQuery.LimitMax)
                result.AddError($"--limit is between 1 and {RunQuery.LimitMax}");
        });

        var command = new Command("runs", "List runs, newest first") { job, schedule, status, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
            var page = await store.ListRunsAsync(
                new()
                {
                    Job = parsed.GetValue(job),
                    ScheduleId = parsed.GetValue(schedule),
                    Status = parsed.GetValue(status),
                    Limit = parsed.GetValue(limit),
                },
                cancellationToken);

            if (parsed.WantsJson())
                terminal.ResultJson(page.Runs);
            else
                Print(page.Runs, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Print(IReadOnlyList<RunRecord> runs, Terminal terminal)
    {
        if (runs.Count == 0)
        {
            terminal.Say("No runs yet. `maintenance next` says when the next one is due, `maintenance trigger JOB` starts one now.");
            return;
        }

        terminal.Table(
            ["RUN", "JOB", "STATUS", "STARTED", "TOOK", "CAUSE", "REASON"],
            runs.Select(run => (IReadOnlyList<string>)
            [
                RunText.ShortId(run.RunId), run.Job, RunText.Of(run.Status), RunText.Time(run.StartedAt), RunText.Duration(run.Duration),
                RunText.Cause(run), run.Reason ?? "",
            ]));
    }
}
