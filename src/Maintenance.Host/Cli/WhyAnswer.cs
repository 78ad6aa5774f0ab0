using Maintenance.Host.Reconcile;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>What became of a due time: one sentence, and the records it rests on.</summary>
sealed class WhyAnswer(IRunStore store, string installation)
{
    public sealed record Answer(string Sentence, IReadOnlyList<string> Evidence, OccurrenceRecord? Row);

    /// <returns>Null when there was no such schedule.</returns>
    public async Task<Answer?> OfAsync(
        string id, DateTimeOffset at, DateTimeOffset end, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var versions = await store.ListAppliedVersionsAsync(installation, id, DateTimeOffset.UnixEpoch, cancellationToken);
        if (await RowAsync(id, at, end, cancellationToken) is { } row && DueIn(row, at, end, versions) is { } due)
            return new Answer(LedgerText.Sentence(row, due), await EvidenceAsync(row, due, versions, cancellationToken), row);

        var version = versions.LastOrDefault(v => v.AppliedAt <= end && (v.ReplacedAt is null || v.ReplacedAt > at));
        if (version is null)
            return versions.Count == 0 ? null : new Answer(NotThere(id, at, versions), [], null);
        var schedule = ScheduleFile.ReadResolved(version.SourceJson, id).Value;
        return schedule is null ? null : new Answer(NoRow(schedule, at, end, now), [VersionLine(version)], null);
    }

    async Task<OccurrenceRecord?> RowAsync(string id, DateTimeOffset at, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var query = new OccurrenceQuery { Installation = installation, ScheduleId = id, From = at, Until = end, Limit = 1 };
        return await store.ListOccurrencesAsync(query, cancellationToken) is [var row] ? row : null;
    }

    /// <summary>A row of several due times covers the times between them too, which are none.</summary>
    static DateTimeOffset? DueIn(OccurrenceRecord row, DateTimeOffset at, DateTimeOffset end, IReadOnlyList<AppliedSchedule> versions)
    {
        if (row.DueAt >= at)
            return row.DueAt;
        if (versions.LastOrDefault(v => v.AppliedAt <= end) is not { } version
            || ScheduleFile.ReadResolved(version.SourceJson).Value is not { } schedule)
            return at;
        return DueTimes.Events(schedule, at.ToUnixTimeSeconds() - 1).Select(e => (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(e.At))
            .TakeWhile(due => due < end).FirstOrDefault();
    }

    async Task<IReadOnlyList<string>> EvidenceAsync(
        OccurrenceRecord row, DateTimeOffset due, IReadOnlyList<AppliedSchedule> versions, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        if (row.Count > 1)
            lines.Add($"one of {row.Count} like due times, {LedgerText.Times(row)}");
        if (row.RunId is { } id && (await store.FindRunAsync(id, cancellationToken)).Run is { } run)
            lines.Add(
                $"run {run.RunId}: {RunText.Of(run.Status)}{(run.Reason is { } reason ? $", {reason}" : "")}; `maintenance "
                    + $"show {RunText.ShortId(run.RunId)}`");
        if (versions.LastOrDefault(v => v.AppliedAt <= due) is { } version)
            lines.Add(VersionLine(version));
        var holds = await store.ListHoldsAsync(
            new() { Installation = installation, ScheduleId = row.ScheduleId, EndedSince = due }, cancellationToken);
        lines.AddRange(
            holds.Where(h => h.CreatedAt <= due).Select(h => $"operator: {HoldText.Note(h)}, since {Instants.Format(h.CreatedAt)}"));
        var outages = await store.ListOutagesAsync(installation, due, cancellationToken);
        lines.AddRange(outages.Where(o => o.BeganAt <= due)
            .Select(o => $"outage: {o.Reason} from {Instants.Format(o.BeganAt)} to {Instants.Format(o.EndedAt)}"));
        return lines;
    }

    static string VersionLine(AppliedSchedule version) =>
        $"in force: as applied {Instants.Format(version.AppliedAt)} "
            + $"by {version.AppliedBy}{(version.GitCommit is { } commit ? $", git {commit}" : "")}";

    static string NotThere(string id, DateTimeOffset at, IReadOnlyList<AppliedSchedule> versions) => at < versions[0].AppliedAt
        ? $"{id} was not there yet at {Instants.Format(at)}: it was applied first at {Instants.Format(versions[0].AppliedAt)}."
        : $"{id} was not there any more at {Instants.Format(at)}: it was removed at {Instants.Format(versions[^1].ReplacedAt ?? at)}.";

    static string NoRow(Schedule schedule, DateTimeOffset at, DateTimeOffset end, DateTimeOffset now)
    {
        var due = DueTimes.After(schedule, at.AddSeconds(-1))
            .Select(d => (DateTimeOffset?)d.Nominal)
            .TakeWhile(t => t < end)
            .FirstOrDefault();
        if (due is { } coming)
            return coming > now
                ? $"{schedule.Id} is due at {Instants.Format(coming)}, in {RunText.Duration(coming - now)}."
                : $"{schedule.Id} was due at {Instants.Format(coming)}, and the ledger has not come to it; it is kept while `maintenance "
                    + "up` or `worker` runs.";
        var next = DueTimes.After(schedule, at).Select(d => (DateTimeOffset?)d.Nominal).FirstOrDefault();
        return $"{Instants.Format(at)} is no due time of {schedule.Id} ({TimingSentence.Of(schedule)})"
            + (next is { } after ? $"; the next one after it is {Instants.Format(after)}." : "; there is none after it.");
    }
}
