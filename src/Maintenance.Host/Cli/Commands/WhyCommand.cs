using System.CommandLine;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance why ID TIME</c> answers in one sentence what became of a due time, and shows what that rests on.</summary>
static class WhyCommand
{
    /// <summary>People remember minutes.</summary>
    static readonly TimeSpan _near = TimeSpan.FromMinutes(1);

    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The schedule" };
        var at = new Argument<string>("TIME")
        {
            Description = "The due time, to the minute, also 03:30 for the last one; without zone, on the schedule's clock",
        };
        var command = new Command("why", "Say why a schedule ran, or did not, at a time") { id, at };
        command.SetAction(
            (parsed, cancellationToken) => RunAsync(parsed, parsed.GetValue(id)!, parsed.GetValue(at)!, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, string id, string text, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = parsed.ReadSettings().Settings;
        await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var installation = StateFolder.InstallationOf(settings);
        var at = await MomentText.OfScheduleAsync(text, store, installation, id, cancellationToken, back: true);
        var answer = await new WhyAnswer(store, installation)
            .OfAsync(id, at, at + _near, TimeProvider.System.GetUtcNow(), cancellationToken)
            ?? throw new CommandFailure(
                ExitCode.NotFound, $"there was no schedule '{id}' at {Instants.Format(at)}; `maintenance ledger` lists what there was.");
        if (parsed.WantsJson())
        {
            terminal.ResultJson(new { answer.Sentence, answer.Evidence, row = answer.Row is { } row ? LedgerText.Json(row) : null });
            return ExitCode.Ok;
        }

        terminal.Result(answer.Sentence);
        foreach (var line in answer.Evidence)
            terminal.Result($"  {line}");
        return ExitCode.Ok;
    }
}
