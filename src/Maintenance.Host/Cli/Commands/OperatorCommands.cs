using System.CommandLine;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Exceptions;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>pause</c>, <c>resume</c>, <c>skip-next</c> and <c>run-at</c>: what operators do to schedules at run time, apart from git.
/// </summary>
static class OperatorCommands
{
    const int SkipMax = 1000;

    static readonly Argument<string> Id = new("ID") { Description = "The schedule" };
    static readonly Option<string> Reason = new("--reason") { Description = "Why, for those who come after you", HelpName = "TEXT" };

    public static Command Pause(Terminal terminal)
    {
        var until = new Option<string>("--until")
        {
            Description = "When it goes on by itself: a duration (2h) or a time; without zone, of the schedule's", HelpName = "TIME",
        };
        var command = new Command("pause", "Start nothing of a schedule until a time, or until `resume`") { Id, until, Reason };
        command.SetAction((parsed, stop) => ActAsync(parsed, terminal, async (actions, store, id, reason) =>
        {
            var end = parsed.GetValue(until) is { } text
                ? await MomentText.OfScheduleAsync(text, store, Installation(parsed), id, stop)
                : (DateTimeOffset?)null;
            return [await actions.PauseAsync(id, end, reason, stop)];
        }, stop));
        return command;
    }

    public static Command SkipNext(Terminal terminal)
    {
        var count = new Option<int>("-n", "--count")
        {
            Description = "How many due times (default: 1)", DefaultValueFactory = _ => 1, HelpName = "N",
        };
        var command = new Command("skip-next", "Leave out the next due times of a schedule") { Id, count, Reason };
        command.SetAction((parsed, stop) => ActAsync(parsed, terminal, async (actions, _, id, reason) =>
        {
            var n = parsed.GetValue(count);
            if (n is < 1 or > SkipMax)
                throw new CommandFailure(ExitCode.Usage, $"-n is {n}; write a number from 1 to {SkipMax}, or use `pause --until`.");
            return [await actions.SkipAsync(id, n, reason, stop)];
        }, stop));
        return command;
    }

    public static Command RunAt(Terminal terminal)
    {
        var at = new Argument<string>("TIME") { Description = "A duration from now (2h) or a time; without zone, of the schedule's" };
        var instead = new Option<bool>("--instead") { Description = "In the place of the next due time, which is skipped" };
        var command = new Command("run-at", "Run a schedule's job once more at a time to come, with the schedule's input")
        {
            Id, at, instead, Reason,
        };
        command.SetAction((parsed, stop) => ActAsync(parsed, terminal, async (actions, store, id, reason) =>
        {
            var moment = await MomentText.OfScheduleAsync(parsed.GetValue(at)!, store, Installation(parsed), id, stop);
            return [await actions.RunAtAsync(id, moment, parsed.GetValue(instead), reason, stop)];
        }, stop));
        return command;
    }

    public static Command Resume(Terminal terminal)
    {
        var command = new Command("resume", "End a pause or skip of a schedule, whoever made it") { Id, Reason };
        command.SetAction(
            (parsed, stop) => ActAsync(parsed, terminal, (actions, _, id, reason) => actions.ResumeAsync(id, reason, stop), stop));
        return command;
    }

    static string Installation(ParseResult parsed) => StateFolder.InstallationOf(parsed.ReadSettings().Settings);

    static async Task<int> ActAsync(
        ParseResult parsed, Terminal terminal, Func<OperatorActions, IRunStore, string, string?, Task<IReadOnlyList<ScheduleHold>>> act,
        CancellationToken stop)
    {
        var settings = parsed.ReadSettings().Settings;
        await using var store = await RecordsAccess.OpenAsync(settings, stop);
        var client = await TemporalAccess.ConnectAsync(settings);
        var actions = new OperatorActions(client, store, StateFolder.InstallationOf(settings), TemporalAccess.Person, TimeProvider.System);
        var id = parsed.GetValue(Id)!;
        try
        {
            var holds = await act(actions, store, id, parsed.GetValue(Reason));
            Say(parsed, terminal, id, holds);
            return ExitCode.Ok;
        }
        catch (OperatorRefusedException ex)
        {
            throw new CommandFailure(ex.NotFound ? ExitCode.NotFound : ExitCode.Failed, ex.Message);
        }
        catch (RpcException ex)
        {
            throw new CommandFailure(
                ExitCode.Unavailable,
                $"the server did not do it: {ex.Message}; `maintenance status` shows what was noted, and the command can be repeated.");
        }
    }

    static void Say(ParseResult parsed, Terminal terminal, string id, IReadOnlyList<ScheduleHold> holds)
    {
        var resumed = parsed.CommandResult.Command.Name == "resume";
        if (parsed.WantsJson())
        {
            terminal.ResultJson(new { schedule = id, holds = holds.Select(HoldJson.Of) });
            return;
        }

        foreach (var hold in holds)
            terminal.Result(resumed ? $"{id} goes on; ended: {HoldText.Note(hold)}" : Line(hold));
        if (resumed && holds.Count == 0)
            terminal.Result($"{id} goes on");
    }

    static string Line(ScheduleHold hold) => hold.Kind == HoldKind.RunAt
        ? $"{hold.ScheduleId} runs at {Instants.Format(hold.Until!.Value)} as {hold.WorkflowId}; `maintenance cancel {hold.WorkflowId}` "
            + "takes it back"
        : $"{hold.ScheduleId} {HoldText.Note(hold)}{(hold.Kind == HoldKind.Skip ? $"; it goes on at {Instants.Format(hold.Until!.Value)}" : "")}";
}
