using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>Rows of the ledger for people and for machines.</summary>
static class LedgerText
{
    public static string Word(OccurrenceStatus status) =>
        status == OccurrenceStatus.RanLate ? "ran late" : status.ToString().ToLowerInvariant();

    public static string Times(OccurrenceRecord row) => row.Count == 1 || row.LastDueAt is not { } last || last == row.DueAt
        ? Instants.Format(row.DueAt)
        : $"{Instants.Format(row.DueAt)} .. {Instants.Format(last)}";

    /// <summary>One sentence: what became of the due time, and why.</summary>
    public static string Sentence(OccurrenceRecord row, DateTimeOffset at)
    {
        var due = $"{row.ScheduleId} was due at {Instants.Format(at)}";
        var run = row.RunId is { } id ? RunText.ShortId(id) : "";
        return row.Status switch
        {
            OccurrenceStatus.Due => $"{due} and has not run yet{(row.Reason is { } reason ? $": {reason}" : "")}.",
            OccurrenceStatus.Running => $"{due} and runs since {RunText.Time(row.StartedAt)} as run {run}.",
            OccurrenceStatus.Ran => $"{due} and ran at {RunText.Time(row.StartedAt)} as run {run}{Because(row)}.",
            OccurrenceStatus.RanLate =>
                $"{due} and ran {RunText.Duration(row.StartedAt - at)} late, at {RunText.Time(row.StartedAt)}, as run {run}{Because(row)}.",
            OccurrenceStatus.Skipped => $"{due} and was skipped on purpose{Because(row)}.",
            OccurrenceStatus.Missed => $"{due} and did not run{Because(row)}.",
            _ => throw new ArgumentOutOfRangeException(nameof(row), row.Status, null),
        };
    }

    public static object Json(OccurrenceRecord row) => new
    {
        schedule = row.ScheduleId,
        dueAt = Instants.Format(row.DueAt),
        lastDueAt = Instants.Format(row.LastDueAt ?? row.DueAt),
        row.Count,
        status = row.Status,
        row.Cause,
        row.Reason,
        run = row.RunId,
        startedAt = row.StartedAt is { } started ? RunText.Time(started) : null,
        timeZoneData = row.TimeZoneVersion,
    };

    static string Because(OccurrenceRecord row) =>
        (row.Cause, row.Reason) switch
        {
            (null or "schedule", null) => "",
            (_, null) => $" ({row.Cause})",
            (null or "schedule", _) => $": {row.Reason!.TrimEnd('.')}",
            _ => $" ({row.Cause}): {row.Reason!.TrimEnd('.')}",
        };
}
