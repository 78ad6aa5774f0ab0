using System.CommandLine;
using Maintenance.Host.Importing;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Cli;

/// <summary>
/// How an installation stands: what is wrong first, then what goes on now, then schedules whose last run failed, then what operators did,
/// then what comes next.
/// Exit code 1 while something is wrong; that a job failed is the job's.
/// </summary>
static class InstallationStatus
{
    /// <summary>The ledger is written every ten seconds while a worker runs.</summary>
    static readonly TimeSpan _ledgerStaleAfter = TimeSpan.FromMinutes(2);

    sealed record Paused(string Schedule, string Note);

    public static async Task<int> SayAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = parsed.ReadSettings().Settings;
        var now = TimeProvider.System.GetUtcNow();
        var installation = StateFolder.InstallationOf(settings);
        await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var alarms = await store.ListAlarmsAsync(installation, cancellationToken);
        var holds = await store.ListHoldsAsync(new() { Installation = installation }, cancellationToken);
        var applied = await store.ListAppliedSchedulesAsync(installation, cancellationToken);
        var ledger = await store.GetLedgerStateAsync(installation, cancellationToken);
        var client = await TemporalAccess.ConnectAsync(settings);
        var paused = await PausedAsync(client, applied, cancellationToken);
        var running = await RunsUnderWay.ListAsync(store, client, now, cancellationToken);
        var lines = Lines(settings, applied, paused);
        var wrong = alarms.Select(a => $"{a.Message} (since {Instants.Format(a.Since)})").Concat(Stale(ledger, now))
            .Concat(await IllAsync(client))
            .Concat(lines.Where(line => line.Wrong).Select(line => line.Sentence)).ToList();

        var failed = await LastRuns.FailedAsync(
            store, applied.Select(a => a.ScheduleId).ToHashSet(StringComparer.Ordinal), now, cancellationToken);

        if (parsed.WantsJson())
            terminal.ResultJson(new
            {
                installation, wrong, running = running.Lines.Select(line => new { line.Run.Job, line.Run.RunId, now = line.Text }),
                failed = failed.Select(run => new { schedule = run.ScheduleId, run.RunId, run.Status, run.Reason }),
                schedules = applied.Count, paused, holds = holds.Select(HoldJson.Of),
                ledger = ledger is null ? null : new { accountedUntil = Instants.Format(ledger.AccountedUntil) },
            });
        else
            Print(installation, wrong, running, failed, applied, paused, holds, ledger, now, terminal);
        return wrong.Count > 0 || running.Lines.Any(line => line.IsStuck) ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>Imported schedules beside the crontab lines that they were made of.</summary>
    static IReadOnlyList<TakeoverState> Lines(HostSettings settings, IReadOnlyList<AppliedSchedule> applied, IReadOnlyList<Paused> paused)
    {
        var ours = applied.Select(a => a.ScheduleId).ToHashSet(StringComparer.Ordinal);
        var notes = paused.ToDictionary(p => p.Schedule, p => p.Note, StringComparer.Ordinal);
        var schedules = ScheduleFile.Read(new DiskTexts(), settings.SchedulesFile, settings.Environment).Value?.Schedules ?? [];
        return TakeoverState.Of(settings, schedules, schedule => notes.GetValueOrDefault(schedule.Id) switch
        {
            ImportWriter.PausedReason => false,
            null => ours.Contains(schedule.Id),
            _ => null,
        });
    }

    static IEnumerable<string> Stale(LedgerState? ledger, DateTimeOffset now)
    {
        if (ledger is null)
            yield return "the ledger has not begun: no worker of this installation has run; start one with `maintenance up`";
        else if (now - ledger.SeenAt > _ledgerStaleAfter)
            yield return $"the ledger ends at {Instants.Format(ledger.AccountedUntil)}: no worker of this installation has kept it since; "
                + "start one with `maintenance up`";
    }

    /// <summary>An engine that cannot write still answers what it knows, and that it does not serve.</summary>
    static async Task<IReadOnlyList<string>> IllAsync(TemporalClient client)
    {
        const string soNothing = "so that nothing starts or goes on; its log says why, and `maintenance doctor` looks around";
        try
        {
            return await client.Connection.CheckHealthAsync() ? [] : [$"the server says that it does not serve, {soNothing}"];
        }
        catch (RpcException ex)
        {
            return [$"the server does not say how it is ({ex.Message}), {soNothing}"];
        }
    }

    static async Task<List<Paused>> PausedAsync(
        TemporalClient client, IReadOnlyList<AppliedSchedule> applied, CancellationToken cancellationToken)
    {
        var ours = applied.Select(a => a.ScheduleId).ToHashSet(StringComparer.Ordinal);
        var paused = new List<Paused>();
        await foreach (var entry in client.ListSchedulesAsync(new() { Rpc = Planner.Rpc(cancellationToken) }))
        {
            if (ours.Contains(entry.Id) && entry.Schedule is { State: { Paused: true } state })
                paused.Add(new Paused(entry.Id, string.IsNullOrEmpty(state.Note) ? "no note" : state.Note));
        }

        return [.. paused.OrderBy(p => p.Schedule, StringComparer.Ordinal)];
    }

    static void Print(
        string installation, List<string> wrong, (IReadOnlyList<RunsUnderWay.Line> Lines, bool AreMore) running,
        IReadOnlyList<RunRecord> failed, IReadOnlyList<AppliedSchedule> applied,
        List<Paused> paused, IReadOnlyList<ScheduleHold> holds,
        LedgerState? ledger, DateTimeOffset now, Terminal terminal)
    {
        foreach (var line in wrong)
            terminal.Result($"! {line}");
        foreach (var line in running.Lines)
            terminal.Result(line.Text);
        if (running.AreMore)
            terminal.Result("> and more; `maintenance runs --status running` lists them");
        foreach (var run in failed)
            terminal.Result(LastRuns.Text(run));
        terminal.Result($"installation {installation}: {applied.Count} schedules, {paused.Count} paused");
        foreach (var schedule in paused)
            terminal.Result($"= paused {schedule.Schedule}: {schedule.Note}");
        foreach (var hold in holds.Where(h => !paused.Any(p => p.Schedule == h.ScheduleId && p.Note == HoldText.Note(h))))
            terminal.Result(HoldText.Of(hold));
        if (ledger is not null)
            terminal.Result(
                $"every due time until {Instants.Format(ledger.AccountedUntil)} is accounted for; `maintenance ledger` lists them");
        var pausedIds = paused.Select(p => p.Schedule).ToHashSet(StringComparer.Ordinal);
        var next = applied.Where(a => !pausedIds.Contains(a.ScheduleId))
            .Select(a => ScheduleFile.ReadResolved(a.SourceJson, a.ScheduleId).Value)
            .OfType<Schedule>()
            .Select(s => (s.Id, At: DueTimes.After(s, now).Select(d => (DateTimeOffset?)d.Nominal).FirstOrDefault()))
            .Where(due => due.At is not null).OrderBy(due => due.At).FirstOrDefault();
        terminal.Result(
            next.At is { } at ? $"next: {next.Id} at {Instants.Format(at)} (in {RunText.Duration(at - now)})" : "next: nothing is due");
    }
}
