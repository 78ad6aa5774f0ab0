using System.CommandLine;
using System.Globalization;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance records dead</c> and <c>records retry</c>: reports that their receiver refused for good.</summary>
static class DeadMessageCommands
{
    const int LimitDefault = 100;
    const int LimitMax = 10_000;

    public static Command List(Terminal terminal)
    {
        var limit = new Option<int>("--limit", "-n")
        {
            Description = $"At most this many, 1 to {LimitMax}", DefaultValueFactory = _ => LimitDefault,
        };
        var command = new Command("dead", "List the reports that were given up, with the reason; newest first") { limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
            var dead = await store.ListDeadLettersAsync(Math.Clamp(parsed.GetValue(limit), 1, LimitMax), cancellationToken);
            if (parsed.WantsJson())
                terminal.ResultJson(dead);
            else
                Print(dead, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Retry(Terminal terminal)
    {
        var ids = new Argument<string[]>("ID") { Description = "Ids that `records dead` shows", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All that were given up" };
        var command = new Command("retry", "Send reports again that were given up, once their receiver takes them") { ids, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(ids) is { Length: > 0 })
                result.AddError("name the reports' ids, or --all");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
            var wanted = parsed.GetValue(all)
                ? (await store.ListDeadLettersAsync(LimitMax, cancellationToken)).Select(message => message.Id)
                : parsed.GetValue(ids)!;
            return await RetryAsync(store, [.. wanted], parsed.WantsJson(), terminal, cancellationToken);
        });
        return command;
    }

    static async Task<int> RetryAsync(
        IRunStore store, IReadOnlyList<string> ids, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (queued, unknown) = (new List<string>(), new List<string>());
        foreach (var id in ids)
            (await store.RetryDeadLetterAsync(id, now, cancellationToken) ? queued : unknown).Add(id);

        if (json)
            terminal.ResultJson(new { queued, unknown });
        else
            terminal.Result($"{queued.Count} reports are on their way again; `maintenance records dead` shows those that come back");
        foreach (var id in unknown)
            terminal.Say($"maintenance: there is no given-up report '{id}'; `maintenance records dead` lists them.");
        return unknown.Count > 0 ? ExitCode.NotFound : ExitCode.Ok;
    }

    static void Print(IReadOnlyList<OutboxMessage> dead, Terminal terminal)
    {
        if (dead.Count == 0)
        {
            terminal.Say("No report was given up.");
            return;
        }

        terminal.Table(["ID", "RUN", "TO", "WHAT", "WRITTEN", "TRIES", "WHY"], dead.Select(message => (IReadOnlyList<string>)
        [
            message.Id, RunText.ShortId(message.RunId), message.Target, message.Kind, RunText.Time(message.CreatedAt),
            message.Failures.ToString(CultureInfo.InvariantCulture), message.LastError ?? "",
        ]));
        terminal.Say("`maintenance records retry ID` or `--all` sends them again, once the reason is gone.");
    }
}
