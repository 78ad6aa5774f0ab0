using Maintenance.Records;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Accounts for every due time. A pass takes the stretch from where the ledger ends to now, computes what was due in it from the versions
/// that were in force, joins runs, pauses and outages to it, looks again at rows that are still open, and writes all of it in one step. The
/// place where the ledger ends moves in the same transaction, and only from where this pass found it: cut off anywhere, or done by two at
/// once, no due time is left out and none is told twice.
/// </summary>
sealed partial class LedgerKeeper(
    IRunStore store, Func<string, DateTimeOffset, CancellationToken, Task<ServerView>> look, string installation, TimeProvider time,
    ILogger logger)
{
    /// <summary>Longer without a pass is an outage: a pass comes each ten seconds.</summary>
    static readonly TimeSpan _outageAfter = TimeSpan.FromSeconds(90);

    /// <summary>What one write takes on, so that a month's outage does not become one transaction.</summary>
    static readonly TimeSpan _stretchMax = TimeSpan.FromHours(12);

    /// <summary>A ledger that begins does not look back further.</summary>
    static readonly TimeSpan _firstLookBack = TimeSpan.FromHours(1);

    /// <summary>Clocks of hosts differ a little.</summary>
    static readonly TimeSpan _skew = TimeSpan.FromMinutes(2);

    const int OpenMax = 100_000;

    readonly ScheduleTimelines _timelines = new(store, installation);
    // Runs of the last minutes whose rows are final: they come with each look and have nothing new to say.
    readonly HashSet<string> _told = new(StringComparer.Ordinal);
    long? _passedAt;

    /// <summary>Brings the ledger up to now.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var state = await store.GetLedgerStateAsync(installation, cancellationToken);
        await _timelines.RefreshAsync((state?.AccountedUntil ?? now) - _firstLookBack, cancellationToken);
        state ??= await BeginAsync(now, cancellationToken);
        var outage = OutageOf(state, now);
        var mine = true;
        for (var from = state.AccountedUntil; mine;)
        {
            var until = new[] { now, from + _stretchMax }.Min();
            mine = until >= from && await StretchAsync(from, until, outage, now, cancellationToken);
            (from, outage) = (until, null);
            if (until == now)
                break;
        }

        _passedAt = time.GetTimestamp();
    }

    async Task<LedgerState> BeginAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = _timelines.FirstAppliedAt ?? now;
        var from = new[] { first, now - _firstLookBack }.Max();
        from = from < now ? from.AddTicks(-1) : now;
        await store.WriteLedgerAsync(new() { Installation = installation, From = null, Until = from, SeenAt = now }, cancellationToken);
        return await store.GetLedgerStateAsync(installation, cancellationToken) ?? new LedgerState(from, now);
    }

    Outage? OutageOf(LedgerState state, DateTimeOffset now)
    {
        if (now - state.SeenAt < _outageAfter)
            return null;
        // By the other clock hardly any time passed: then the first one was set forward, or this machine slept.
        var jumped = _passedAt is { } passed && time.GetElapsedTime(passed) < _outageAfter;
        var outage = new Outage
        {
            BeganAt = state.SeenAt,
            EndedAt = now,
            Reason = jumped ? "the clock of this host was set forward" : "no worker of this installation ran",
        };
        LogOutage(logger, outage.Reason, Instants.Format(outage.BeganAt), Instants.Format(outage.EndedAt));
        return outage;
    }

    /// <summary>False when somebody else carried the ledger on.</summary>
    async Task<bool> StretchAsync(
        DateTimeOffset from, DateTimeOffset until, Outage? outage, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await store.ListOccurrencesAsync(new() { Installation = installation, Open = true, Limit = OpenMax }, cancellationToken);
        var since = open.Where(row => row.RunId is null).Select(row => row.DueAt).Append(from).Min() - _skew;
        var evidence = await GatherAsync(open, since, outage, cancellationToken);
        var told = new LedgerStretch(store, _timelines, look, installation, from, now);
        var runs = evidence.Runs.Where(run => run.DueAt <= until && run.Cause != RunCause.Manual && !_told.Contains(run.RunId)).ToList();
        await told.TellAsync(DueBySchedule(open, runs, from, until), open, evidence, cancellationToken);

        var write = new LedgerWrite
        {
            Installation = installation,
            From = from,
            Until = until,
            SeenAt = now,
            Merged = told.Batch.Merged,
            Rows = told.Batch.Rows,
            Outage = outage,
        };
        if (!await store.WriteLedgerAsync(write, cancellationToken))
            return false;
        _told.IntersectWith(evidence.Runs.Select(run => run.RunId));
        _told.UnionWith(runs.Where(run => run.Status != RunStatus.Running).Select(run => run.RunId));
        return true;
    }

    async Task<LedgerEvidence> GatherAsync(
        IReadOnlyList<OccurrenceRecord> open, DateTimeOffset since, Outage? outage, CancellationToken cancellationToken)
    {
        var ids = open.Select(row => row.RunId).OfType<string>().ToList();
        var outages = await store.ListOutagesAsync(installation, since, cancellationToken);
        return new LedgerEvidence
        {
            Runs = await store.ListScheduledRunsAsync(installation, since, ids, cancellationToken),
            Holds = await store.ListHoldsAsync(new() { Installation = installation, EndedSince = since }, cancellationToken),
            Outages = outage is null ? outages : [.. outages, outage],
        };
    }

    /// <summary>Everything that may have something new to say: open rows, what came due, and runs that nothing explains yet.</summary>
    IEnumerable<(string Id, IReadOnlyList<LedgerEvent> Due)> DueBySchedule(
        IReadOnlyList<OccurrenceRecord> open, IReadOnlyList<ScheduledRun> runs, DateTimeOffset from, DateTimeOffset until)
    {
        var openBySchedule = open.ToLookup(row => row.ScheduleId, StringComparer.Ordinal);
        var runsBySchedule = runs.ToLookup(run => run.ScheduleId, StringComparer.Ordinal);
        var ids = _timelines.ScheduleIds.Union(openBySchedule.Select(g => g.Key)).Union(runsBySchedule.Select(g => g.Key));
        // A run may stand for a due time outside the stretch: a backfill, or one that started long after it was due.
        foreach (var id in ids)
        {
            var due = new SortedDictionary<DateTimeOffset, LedgerEvent>();
            foreach (var e in _timelines.Events(id, from, until))
                due[e.DueAt] = e;
            foreach (var at in openBySchedule[id].Select(row => row.DueAt).Concat(runsBySchedule[id].Select(run => run.DueAt!.Value)))
                due.TryAdd(
                    at,
                    _timelines.Find(id, at)
                        ?? new LedgerEvent(id, at, _timelines.At(id, at), new TimingEvent(at.ToUnixTimeSeconds(), TimingEventKind.Due)));
            if (due.Count > 0)
                yield return (id, [.. due.Values]);
        }
    }

    [LoggerMessage(1021, LogLevel.Warning, "Due times may have been missed: {Reason} from {From} to {Until}; the ledger names them")]
    static partial void LogOutage(ILogger logger, string reason, string from, string until);
}
