using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Which version of which schedule was in force when, and what was due in a stretch of time. Versions are read again only when one was
/// added, and each remembers its next event, so that a look at ten thousand schedules of which none is due costs next to nothing.
/// </summary>
sealed class ScheduleTimelines(IRunStore store, string installation)
{
    readonly Dictionary<(string Id, DateTimeOffset AppliedAt), Entry> _entries = [];
    ILookup<string, Entry> _bySchedule = Array.Empty<Entry>().ToLookup(_ => "");
    string _stamp = "";

    public IEnumerable<string> ScheduleIds => _bySchedule.Select(g => g.Key);

    public DateTimeOffset? FirstAppliedAt => _entries.Count == 0 ? null : _entries.Values.Min(e => e.Version.Applied.AppliedAt);

    public async Task RefreshAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var stamp = await store.GetAppliedStampAsync(installation, cancellationToken);
        if (stamp == _stamp)
            return;
        var known = new Dictionary<(string, DateTimeOffset), Entry>(_entries);
        _entries.Clear();
        foreach (var applied in await store.ListAppliedHistoryAsync(installation, since, cancellationToken))
        {
            var key = (applied.ScheduleId, applied.AppliedAt);
            if (known.TryGetValue(key, out var entry) && entry.Version.Applied.SourceJson == applied.SourceJson)
                _entries[key] = entry with { Version = entry.Version with { Applied = applied } };
            else if (ScheduleFile.ReadResolved(applied.SourceJson, applied.ScheduleId).Value is { } schedule)
                _entries[key] = new Entry(new ScheduleVersion(applied, schedule));
        }

        _bySchedule = _entries.Values.OrderBy(e => e.Version.Applied.AppliedAt)
            .ToLookup(e => e.Version.Applied.ScheduleId, StringComparer.Ordinal);
        _stamp = stamp;
    }

    /// <summary>The version in force at an instant; the one before it when there is none; null when the schedule was not there.</summary>
    public ScheduleVersion? At(string id, DateTimeOffset at) =>
        (_bySchedule[id].LastOrDefault(e => e.Version.InForceAt(at))
            ?? _bySchedule[id].LastOrDefault(e => e.Version.Applied.AppliedAt <= at))?.Version;

    /// <summary>What the schedule's versions have to say about (from, until], each in its own time.</summary>
    public IReadOnlyList<LedgerEvent> Events(string id, DateTimeOffset from, DateTimeOffset until)
    {
        var events = new List<LedgerEvent>();
        foreach (var entry in _bySchedule[id])
            events.AddRange(entry.Events(from, until));
        return [.. events.GroupBy(e => e.DueAt).OrderBy(same => same.Key).Select(same => One([.. same]))];
    }

    /// <summary>A gap ends where a due time may stand: then the row is the due time's, and says what was lost.</summary>
    static LedgerEvent One(IReadOnlyList<LedgerEvent> same)
    {
        var due = same.LastOrDefault(e => e.Kind == TimingEventKind.Due) ?? same[^1];
        return same.FirstOrDefault(e => e.Kind == TimingEventKind.Lost && e != due) is { Version: { } version } lost
            ? due with { Also = DueNotes.Of(version.Schedule, lost.Event) }
            : due;
    }

    /// <summary>The event at an instant, as the version in force then has it; null when it is none.</summary>
    public LedgerEvent? Find(string id, DateTimeOffset at) => Events(id, at.AddSeconds(-1), at).LastOrDefault(e => e.DueAt == at);

    sealed record Entry(ScheduleVersion Version)
    {
        // Nothing happens in (_quietFrom, _quietUntil).
        DateTimeOffset _quietFrom = DateTimeOffset.MaxValue;
        DateTimeOffset _quietUntil = DateTimeOffset.MinValue;

        public IEnumerable<LedgerEvent> Events(DateTimeOffset from, DateTimeOffset until)
        {
            var applied = Version.Applied;
            if (applied.AppliedAt > until || applied.ReplacedAt <= from || (from >= _quietFrom && until < _quietUntil))
                yield break;
            var start = applied.AppliedAt > from ? applied.AppliedAt.AddTicks(-1) : from;
            foreach (var e in DueTimes.Events(Version.Schedule, Before(start)))
            {
                var at = DateTimeOffset.FromUnixTimeSeconds(e.At);
                if (at > until)
                {
                    (_quietFrom, _quietUntil) = (until, at);
                    yield break;
                }

                for (var run = 0; run < (e.Kind == TimingEventKind.Due ? e.Runs : 1); run++)
                {
                    if (Version.InForceAt(at.AddSeconds(run)))
                        yield return new LedgerEvent(applied.ScheduleId, at.AddSeconds(run), Version, e);
                }
            }

            (_quietFrom, _quietUntil) = (until, DateTimeOffset.MaxValue);
        }

        /// <summary>The last whole second that is not after the instant: events at the next one are included.</summary>
        static long Before(DateTimeOffset instant) => instant.ToUnixTimeSeconds();
    }
}
