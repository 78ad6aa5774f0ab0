using Maintenance.Records;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// The rows of one write. Like fates of neighbouring due times become one row with a count: a row is only ever joined to the one right
/// before it, so that what lies between two rows is never swallowed.
/// </summary>
sealed class LedgerBatch(string installation, DateTimeOffset now)
{
    readonly Dictionary<OccurrenceKey, OccurrenceRecord> _rows = [];
    readonly HashSet<OccurrenceKey> _merged = [];

    public IReadOnlyList<OccurrenceRecord> Rows => [.. _rows.Values];

    public IReadOnlyList<OccurrenceKey> Merged => [.. _merged.Where(key => !_rows.ContainsKey(key))];

    /// <param name="due">The due time.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="stored">Its row as it is; null when it has none.</param>
    /// <param name="before">The row right before it, stored or of this batch; null when there is none.</param>
    /// <returns>The row in which the due time now is.</returns>
    public OccurrenceRecord Put(LedgerEvent due, OccurrenceFate fate, OccurrenceRecord? stored, OccurrenceRecord? before)
    {
        var row = RowOf(due, fate);
        if (before is not null && fate.MayMerge && Alike(before, row))
        {
            if (stored is not null)
                _merged.Add(KeyOf(row));
            _rows.Remove(KeyOf(row));
            row = before with { LastDueAt = row.LastDueAt, Count = before.Count + row.Count, UpdatedAt = now };
        }
        else if (stored is not null && Same(stored, row))
        {
            return stored;
        }

        _rows[KeyOf(row)] = row;
        return row;
    }

    /// <summary>A row that is told anew in parts.</summary>
    public void TakeBack(OccurrenceRecord row) => _merged.Add(KeyOf(row));

    OccurrenceRecord RowOf(LedgerEvent due, OccurrenceFate fate) => new()
    {
        Installation = installation,
        ScheduleId = due.ScheduleId,
        DueAt = due.DueAt,
        LastDueAt = due.DueAt,
        Count = due.Kind == Schedules.TimingEventKind.Lost ? Math.Max(1, due.Event.Lost) : 1,
        Status = fate.Status,
        Cause = fate.Cause,
        Reason = fate.Reason,
        RunId = fate.RunId,
        StartedAt = fate.StartedAt,
        SpecHash = due.Version?.Applied.SpecHash,
        TimeZoneVersion = due.Version?.Applied.TimeZoneVersion,
        UpdatedAt = now,
    };

    static OccurrenceKey KeyOf(OccurrenceRecord row) => new(row.ScheduleId, row.DueAt);

    static bool Alike(OccurrenceRecord one, OccurrenceRecord other) =>
        one.RunId is null
            && (one.ScheduleId, one.Status, one.Cause, one.Reason, one.SpecHash)
                == (other.ScheduleId, other.Status, other.Cause, other.Reason, other.SpecHash);

    static bool Same(OccurrenceRecord one, OccurrenceRecord other) =>
        (one.Status, one.Cause, one.Reason, one.RunId) == (other.Status, other.Cause, other.Reason, other.RunId);
}
