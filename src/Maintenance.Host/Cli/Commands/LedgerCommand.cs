using System.CommandLine;
using System.Globalization;
using Maintenance.Host.Runtime;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance ledger</c> lists what became of every due time.</summary>
static class LedgerCommand
{
    const int LimitDefault = 1000;
    const int LimitMax = 100_000;

    static readonly Argument<string?> Id = new("ID") { Description = "The schedule; none means all", Arity = ArgumentArity.ZeroOrOne };
    static readonly Option<string> Since = new("--since")
    {
        Description = "From this time on, or so long ago such as 7d (default: 1d)", HelpName = "TIME",
    };
    static readonly Option<string> Until = new("--until") { Description = "Due before this time", HelpName = "TIME" };
    static readonly Option<OccurrenceStatus?> Status = new("--status")
    {
        Description = "Only ran, ranLate, skipped, missed, due or running", HelpName = "STATUS",
    };
    static readonly Option<int> Limit = new("-n", "--limit")
    {
        Description = $"At most so many rows (default: {LimitDefault})", DefaultValueFactory = _ => LimitDefault, HelpName = "N",
    };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("ledger", "List what became of every due time: ran, late, skipped or missed, and why")
        {
            Id, Since, Until, Status, Limit,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = parsed.ReadSettings().Settings;
        await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var query = new OccurrenceQuery
        {
            Installation = StateFolder.InstallationOf(settings),
            ScheduleId = parsed.GetValue(Id),
            Status = parsed.GetValue(Status),
            From = MomentText.Past(parsed.GetValue(Since) ?? "1d"),
            Until = parsed.GetValue(Until) is { } until ? MomentText.Past(until) : null,
            Limit = Math.Clamp(parsed.GetValue(Limit), 1, LimitMax),
        };
        var rows = await store.ListOccurrencesAsync(query, cancellationToken);
        var state = await store.GetLedgerStateAsync(query.Installation, cancellationToken);
        if (parsed.WantsJson())
            terminal.ResultJson(
                new { accountedUntil = state is null ? null : Instants.Format(state.AccountedUntil), rows = rows.Select(LedgerText.Json) });
        else
            Print(rows, state, query.Limit, terminal);
        return ExitCode.Ok;
    }

    static void Print(IReadOnlyList<OccurrenceRecord> rows, LedgerState? state, int limit, Terminal terminal)
    {
        if (rows.Count > 0)
        {
            terminal.Table(["DUE", "TIMES", "SCHEDULE", "STATUS", "CAUSE", "RUN", "WHY"], rows.Select(row => (IReadOnlyList<string>)
            [
                LedgerText.Times(row), row.Count.ToString(CultureInfo.InvariantCulture), row.ScheduleId, LedgerText.Word(row.Status),
                row.Cause ?? "",
                row.RunId is { } run ? RunText.ShortId(run) : "-", row.Reason ?? "",
            ]));
        }

        terminal.Say(
            state is null
                ? "no worker has kept the ledger yet; `maintenance up` or `worker` does"
                : $"every due time until {Instants.Format(state.AccountedUntil)} is accounted for");
        if (rows.Count == limit)
            terminal.Say($"only the first {limit} rows; `-n` shows more, `--since` and an ID narrow it");
    }
}
