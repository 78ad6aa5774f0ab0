using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Tells the due times of one stretch: finds for each what is stored of it, decides its fate, and puts it into the batch.
/// </summary>
sealed class LedgerStretch(
    IRunStore store, ScheduleTimelines timelines, Func<string, DateTimeOffset, CancellationToken, Task<ServerView>> look,
    string installation,
    DateTimeOffset from, DateTimeOffset now)
{
    const int EarlierRunsRead = 3;

    public LedgerBatch Batch { get; } = new(installation, now);

    public async Task TellAsync(
        IEnumerable<(string Id, IReadOnlyList<LedgerEvent> Due)> schedules, IReadOnlyList<OccurrenceRecord> open, LedgerEvidence all,
        CancellationToken cancellationToken)
    {
        var openRows = open.ToDictionary(row => new OccurrenceKey(row.ScheduleId, row.DueAt));
        var runs = all.Runs.ToLookup(run => run.ScheduleId, StringComparer.Ordinal);
        var holds = all.Holds.ToLookup(hold => hold.ScheduleId, StringComparer.Ordinal);
        foreach (var (id, due) in schedules)
            await TellAsync(id, due, openRows, all with { Runs = [.. runs[id]], Holds = [.. holds[id]] }, cancellationToken);
    }

    async Task TellAsync(
        string id, IReadOnlyList<LedgerEvent> due, Dictionary<OccurrenceKey, OccurrenceRecord> open, LedgerEvidence evidence,
        CancellationToken cancellationToken)
    {
        OccurrenceRecord? before = null;
        var unbroken = false;
        foreach (var e in due)
        {
            var isNew = e.DueAt > from;
            var stored = open.GetValueOrDefault(new OccurrenceKey(id, e.DueAt)) ?? (isNew ? null : await StoredAsync(e, cancellationToken));
            if (stored is not null && !IsNews(stored, e, evidence))
            {
                before = stored;
            }
            else if (stored is { Count: > 1 })
            {
                before = Split(stored, e, evidence);
            }
            else
            {
                (var fate, evidence) = await FateAsync(e, evidence, cancellationToken);
                if (fate.MayMerge && !(isNew && unbroken))
                    before = Later(before, await RowBeforeAsync(id, e.DueAt, cancellationToken));
                before = Batch.Put(e, fate, stored, before);
            }

            unbroken = isNew;
        }
    }

    async Task<(OccurrenceFate Fate, LedgerEvidence Evidence)> FateAsync(
        LedgerEvent e, LedgerEvidence evidence, CancellationToken cancellationToken)
    {
        if (OccurrenceFate.Of(e, evidence, now) is { } known)
            return (known, evidence);
        evidence = await LookAsync(e, evidence, cancellationToken);
        return (
            OccurrenceFate.Of(e, evidence, now)
                ?? throw new InvalidOperationException($"{e.ScheduleId} at {e.DueAt:O} has no fate after a look at the server"),
            evidence);
    }

    /// <summary>A final row has no news but a run that was started for it later, by a backfill.</summary>
    static bool IsNews(OccurrenceRecord stored, LedgerEvent e, LedgerEvidence evidence) =>
        stored.Status is OccurrenceStatus.Due or OccurrenceStatus.Running || (HasRun(e, evidence) && stored.RunId is null);

    static bool HasRun(LedgerEvent e, LedgerEvidence evidence) =>
        evidence.Runs.Any(run => run.DueAt == e.DueAt && run.Cause != RunCause.Manual);

    async Task<OccurrenceRecord?> StoredAsync(LedgerEvent e, CancellationToken cancellationToken) =>
        await RowBeforeAsync(e.ScheduleId, e.DueAt.AddTicks(TimeSpan.TicksPerMicrosecond), cancellationToken) is { } row
            && e.DueAt <= (row.LastDueAt ?? row.DueAt)
            ? row
            : null;

    async Task<OccurrenceRecord?> RowBeforeAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var query = new OccurrenceQuery { Installation = installation, ScheduleId = id, Until = at, NewestFirst = true, Limit = 1 };
        return await store.ListOccurrencesAsync(query, cancellationToken) is [var row] ? row : null;
    }

    /// <summary>The later of the row told last and the row stored last: only that one is a neighbour.</summary>
    static OccurrenceRecord? Later(OccurrenceRecord? told, OccurrenceRecord? stored) =>
        told is null ? stored : stored is null || stored.DueAt <= (told.LastDueAt ?? told.DueAt) ? told : stored;

    /// <summary>One due time of a merged row got a run after all: the row is told anew, due time by due time.</summary>
    OccurrenceRecord? Split(OccurrenceRecord row, LedgerEvent with, LedgerEvidence evidence)
    {
        Batch.TakeBack(row);
        OccurrenceRecord? before = null;
        OccurrenceRecord? told = null;
        foreach (var e in timelines.Events(row.ScheduleId, row.DueAt.AddSeconds(-1), row.LastDueAt ?? row.DueAt))
        {
            var fate = HasRun(e, evidence) ? OccurrenceFate.Of(e, evidence, now)! : new OccurrenceFate(row.Status, row.Cause, row.Reason);
            before = Batch.Put(e, fate, null, before);
            told = e.DueAt <= with.DueAt ? before : told;
        }

        return told;
    }

    async Task<LedgerEvidence> LookAsync(LedgerEvent e, LedgerEvidence evidence, CancellationToken cancellationToken)
    {
        var until = e.DueAt.AddTicks(TimeSpan.TicksPerMicrosecond);
        var earlier = await store.ListRunsAsync(
            new() { ScheduleId = e.ScheduleId, Until = until, Limit = EarlierRunsRead }, cancellationToken);
        var known = evidence.Runs.Select(run => run.RunId).ToHashSet(StringComparer.Ordinal);
        var more = earlier.Runs.Where(run => run.Installation == installation && !known.Contains(run.RunId)).Select(ToScheduled);
        return evidence with
        {
            Runs = [.. more.Concat(evidence.Runs).OrderBy(run => run.StartedAt)],
            Server = evidence.Server ?? await look(e.ScheduleId, e.DueAt - OccurrenceFate.LateAfter, cancellationToken),
        };
    }

    static ScheduledRun ToScheduled(RunRecord run) => new()
    {
        RunId = run.RunId,
        WorkflowId = run.WorkflowId,
        ScheduleId = run.ScheduleId ?? "",
        DueAt = run.DueAt,
        Cause = run.Cause,
        Status = run.Status,
        Reason = run.Reason,
        StartedAt = run.StartedAt,
        FinishedAt = run.FinishedAt,
    };
}
