using System.CommandLine;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance runs</c> lists runs, newest first, page by page.</summary>
static class RunsCommand
{
    static readonly Option<string> Job = new("--job") { Description = "Only runs of this job", HelpName = "NAME" };
    static readonly Option<string> Schedule = new("--schedule") { Description = "Only runs of this schedule", HelpName = "ID" };
    static readonly Option<RunStatus?> Status = new("--status") { Description = "Only runs that stand so" };
    static readonly Option<string> Since = new("--since")
    {
        Description = "Started at or after this time, or so long ago such as 7d", HelpName = "TIME",
    };
    static readonly Option<string> Until = new("--until") { Description = "Started before this time, or so long ago", HelpName = "TIME" };
    static readonly Option<string> After = new("--after")
    {
        Description = "Go on behind this run: the page of older ones", HelpName = "RUN",
    };
    static readonly Option<string> Before = new("--before")
    {
        Description = "Go back before this run: the page of newer ones", HelpName = "RUN",
    };
    static readonly Option<int> Limit = new("--limit", "-n")
    {
        Description = "At most this many, 1 to 1000", DefaultValueFactory = _ => 20,
    };

    public static Command Create(Terminal terminal)
    {
        Limit.Validators.Add(result =>
        {
            if (result.GetValue(Limit) is < 1 or > RunQuery.LimitMax)
                result.AddError($"--limit is between 1 and {RunQuery.LimitMax}");
        });

        var command = new Command("runs", "List runs, newest first") { Job, Schedule, Status, Since, Until, After, Before, Limit };
        command.Validators.Add(result =>
        {
            if (result.GetValue(After) is not null && result.GetValue(Before) is not null)
                result.AddError("--after and --before go in opposite directions; give one of them");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
            var page = await store.ListRunsAsync(await QueryAsync(parsed, store, cancellationToken), cancellationToken);
            if (parsed.WantsJson())
                terminal.ResultJson(page.Runs);
            else
                Print(page, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    static async Task<RunQuery> QueryAsync(ParseResult parsed, IRunStore store, CancellationToken cancellationToken) => new()
    {
        Job = parsed.GetValue(Job),
        ScheduleId = parsed.GetValue(Schedule),
        Status = parsed.GetValue(Status),
        Since = parsed.GetValue(Since) is { } since ? MomentText.Past(since) : null,
        Until = parsed.GetValue(Until) is { } until ? MomentText.Past(until) : null,
        After = await CursorAsync(parsed.GetValue(After), store, cancellationToken),
        Before = await CursorAsync(parsed.GetValue(Before), store, cancellationToken),
        Limit = parsed.GetValue(Limit),
    };

    /// <summary>A run of the page that was seen is the cursor: people have its id on the screen, programs in the JSON.</summary>
    static async Task<RunCursor?> CursorAsync(string? run, IRunStore store, CancellationToken cancellationToken) =>
        run is null ? null : RunCursor.Of(await RecordsAccess.FindAsync(store, run, cancellationToken));

    static void Print(RunPage page, Terminal terminal)
    {
        if (page.Runs.Count == 0)
        {
            terminal.Say("No such runs. `maintenance next` says when the next one is due, `maintenance trigger JOB` starts one now.");
            return;
        }

        terminal.Table(
            ["RUN", "JOB", "STATUS", "STARTED", "TOOK", "CAUSE", "REASON"],
            page.Runs.Select(run => (IReadOnlyList<string>)
            [
                RunText.ShortId(run.RunId), run.Job, RunText.Of(run.Status), RunText.Time(run.StartedAt), RunText.Duration(run.Duration),
                RunText.Cause(run), run.Reason ?? "",
            ]));
        if (page.Next is { } next)
            terminal.Say($"older ones: --after {next.RunId}");
        if (page.Previous is { } previous)
            terminal.Say($"newer ones: --before {previous.RunId}");
    }
}
