using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// What became of one due time, decided from evidence alone: first a run, then what the timing itself says, then what else explains that
/// there is none. The order matters: a run that exists beats every explanation why there should be none.
/// </summary>
sealed record OccurrenceFate(OccurrenceStatus Status, string? Cause, string? Reason, string? RunId = null, DateTimeOffset? StartedAt = null)
{
    /// <summary>A run that starts later than this after its due time and jitter is late.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);

    /// <summary>So long a start may take to show in the records before its absence means something.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>A change of the schedule so soon after a due time may have taken it along.</summary>
    static readonly TimeSpan _editNear = TimeSpan.FromMinutes(1);

    static readonly OccurrenceFate _due = new(OccurrenceStatus.Due, null, null);

    /// <summary>A row with this fate changes no more.</summary>
    public bool Final => Status is not (OccurrenceStatus.Due or OccurrenceStatus.Running);

    /// <summary>Like fates in a row are one row; a run has a row of its own, because it has a link of its own.</summary>
    public bool MayMerge => Final && RunId is null;

    /// <returns>Null: only a look at the server can tell.</returns>
    public static OccurrenceFate? Of(LedgerEvent due, LedgerEvidence evidence, DateTimeOffset now)
    {
        var fate = Alone(due, evidence, now);
        return fate is null || due.Also is null ? fate : fate with { Reason = fate.Reason is { } reason ? $"{reason}; {due.Also}" : due.Also };
    }

    static OccurrenceFate? Alone(LedgerEvent due, LedgerEvidence evidence, DateTimeOffset now)
    {
        if (evidence.Runs.LastOrDefault(r => r.DueAt == due.DueAt && r.Cause != RunCause.Manual) is { } run)
            return OfRun(due, run, now);
        if (OfTiming(due) is { } timing)
            return timing;
        if (now < due.DueAt + Jitter(due) + Grace)
            return _due;
        if (OfOperator(due, evidence) is { } held)
            return held;
        // What it held up behind its end is made up when it is ended, which is about to be done.
        if (evidence.Holds.Any(h => h.Kind != HoldKind.RunAt && h.EndedAt is null && h.Until <= due.DueAt))
            return _due with { Reason = "a hold that is over is about to be ended" };
        // What is older than catchUp when a server comes back is dropped before it asks whether a run is still going.
        return DownFor(due, evidence) is not null
            ? OfServer(due, evidence, now)
            : OfOverlap(due, evidence, now) ?? OfEdit(due) ?? OfServer(due, evidence, now);
    }

    static OccurrenceFate? OfTiming(LedgerEvent due) => due.Kind switch
    {
        TimingEventKind.Excluded => new(OccurrenceStatus.Skipped, LedgerCauses.Excluded, DueNotes.ExcludedBy(due.Event)),
        TimingEventKind.Lost or TimingEventKind.PassSkipped =>
            new(OccurrenceStatus.Skipped, LedgerCauses.Dst, DueNotes.Of(due.Version!.Schedule, due.Event)),
        _ => null,
    };

    static OccurrenceFate OfRun(LedgerEvent due, ScheduledRun run, DateTimeOffset now)
    {
        var late = run.StartedAt - due.DueAt > Jitter(due) + LateAfter;
        var (cause, note) = run.Cause switch
        {
            RunCause.CatchUp => (LedgerCauses.CatchUp, null),
            RunCause.Backfill => (LedgerCauses.Backfill, null),
            _ => (LedgerCauses.Schedule, due.Version is { } version ? DueNotes.Of(version.Schedule, due.Event) : "no due time of the version in force"),
        };
        var overdue = Overdue(due, run.FinishedAt ?? now);
        return run.Status switch
        {
            RunStatus.Running => new(OccurrenceStatus.Running, cause, overdue ?? note, run.RunId, run.StartedAt),
            RunStatus.Skipped => new(OccurrenceStatus.Skipped, SkipCause(due, run), run.Reason, run.RunId, run.StartedAt),
            _ => new(late ? OccurrenceStatus.RanLate : OccurrenceStatus.Ran, cause, Ending(run) ?? overdue ?? note, run.RunId, run.StartedAt),
        };
    }

    static string? Overdue(LedgerEvent due, DateTimeOffset at) => due.Version?.Schedule.FinishBy is { } finishBy && at > due.DueAt + finishBy
        ? $"not finished by {Instants.Format(due.DueAt + finishBy)} (finishBy {Durations.Format(finishBy)})"
        : null;

    /// <summary>The run looked at its due time itself and stood down; the same look tells why.</summary>
    static string SkipCause(LedgerEvent due, ScheduledRun run) =>
        due.Version is null ? LedgerCauses.RunDecided : Occurrence.Check(due.Version.Schedule, due.DueAt, run.StartedAt) switch
        {
            OccurrenceVerdict.TooLate => LedgerCauses.StartBy,
            OccurrenceVerdict.Merged or OccurrenceVerdict.NotDue => LedgerCauses.Dst,
            _ => run.Reason?.Contains("lock", StringComparison.OrdinalIgnoreCase) == true ? LedgerCauses.Lock : LedgerCauses.RunDecided,
        };

    static string? Ending(ScheduledRun run) => run.Status switch
    {
        RunStatus.Succeeded => null,
        RunStatus.TimedOut => $"timed out: {run.Reason}",
        _ => run.Reason is { } reason ? $"{run.Status.ToString().ToLowerInvariant()}: {reason}" : run.Status.ToString().ToLowerInvariant(),
    };

    static OccurrenceFate? OfOperator(LedgerEvent due, LedgerEvidence evidence)
    {
        foreach (var hold in evidence.Holds.Where(h => h.Kind != HoldKind.RunAt))
        {
            // One that ended late, because nobody was there, ended all the same when it said: what was due since was made up or has another reason.
            // What was due in the very instant in which a person ended it has no run, so the server came to it first.
            if (due.DueAt < hold.CreatedAt || due.DueAt >= hold.Until || due.DueAt > hold.EndedAt)
                continue;
            return hold.WorkflowId is { } run
                ? new(OccurrenceStatus.Skipped, LedgerCauses.Replaced, $"{HoldText.Note(hold)}; {run} runs in its place", run)
                : new(OccurrenceStatus.Skipped, hold.Kind == HoldKind.Skip ? LedgerCauses.SkippedByOperator : LedgerCauses.Paused, HoldText.Note(hold));
        }

        return due.Version?.Schedule.PausedReason is { } paused
            ? new(OccurrenceStatus.Skipped, LedgerCauses.Paused, $"paused in schedules.json: {paused}")
            : null;
    }

    /// <summary>
    /// A run of the schedule was going when the server came to this due time: at the due time itself, or later, when it made up several at once.
    /// </summary>
    static OccurrenceFate? OfOverlap(LedgerEvent due, LedgerEvidence evidence, DateTimeOffset now)
    {
        var policy = due.Version?.Schedule.Overlap ?? Overlap.Skip;
        if (policy == Overlap.AllowAll)
            return null;
        var before = evidence.Runs.LastOrDefault(r => r.DueAt != due.DueAt && StartedBySchedule(r)
            && ((r.StartedAt <= due.DueAt && (r.FinishedAt is null || r.FinishedAt > due.DueAt)) || (r.DueAt < due.DueAt && r.StartedAt > due.DueAt)));
        if (before is null)
            return null;
        var waits = policy != Overlap.Skip && (before.FinishedAt is not { } end || now < end + Grace);
        return waits
            ? _due with { Cause = LedgerCauses.Overlap, Reason = $"waits for run {before.RunId} to end" }
            : new(OccurrenceStatus.Skipped, LedgerCauses.Overlap, $"run {before.RunId} (due {Due(before)}) was still going, and overlap is {policy}");
    }

    /// <summary>Runs that were started around the schedule keep nothing from starting.</summary>
    static bool StartedBySchedule(ScheduledRun run) => run.DueAt is not null
        || (run.WorkflowId.StartsWith($"{run.ScheduleId}-", StringComparison.Ordinal) && !run.WorkflowId.Contains("-run-at-", StringComparison.Ordinal));

    static string Due(ScheduledRun run) => run.DueAt is { } at ? Instants.Format(at) : "by hand";

    static OccurrenceFate? OfEdit(LedgerEvent due) => due.Version?.Applied.ReplacedAt is { } replaced && replaced - due.DueAt < _editNear
        ? new(OccurrenceStatus.Skipped, LedgerCauses.Edited, $"the schedule was changed or removed at {Instants.Format(replaced)}, before the server came to it")
        : null;

    /// <remarks>A pause explains nothing that was due before it.</remarks>
    static OccurrenceFate? OfServer(LedgerEvent due, LedgerEvidence evidence, DateTimeOffset now)
    {
        if (evidence.Server is not { } server)
            return null;
        if (server.Started.TryGetValue(LedgerCauses.WorkflowId(due.ScheduleId, due.DueAt), out var started))
            return new(OccurrenceStatus.Running, LedgerCauses.Schedule, "started; its record is not written yet", null, started);
        if (!server.Exists)
            return new(OccurrenceStatus.Missed, LedgerCauses.Gone, "the schedule is not on the server; `maintenance apply` makes it again");
        if (server.Paused && !evidence.Holds.Any(h => server.Note == HoldText.Note(h) && h.CreatedAt > due.DueAt))
            return new(OccurrenceStatus.Skipped, LedgerCauses.Paused, $"paused on the server: {(string.IsNullOrEmpty(server.Note) ? "no note" : server.Note)}");
        if (server.Since > due.DueAt)
            return new(OccurrenceStatus.Skipped, LedgerCauses.Edited, $"the schedule was changed on the server at {Instants.Format(server.Since.Value)}");

        var catchUp = CatchUp(due);
        if (DownFor(due, evidence) is { } outage)
        {
            return new(
                OccurrenceStatus.Missed, LedgerCauses.Down,
                $"{outage.Reason} from {Instants.Format(outage.BeganAt)} to {Instants.Format(outage.EndedAt)}, longer than catchUp {Durations.Format(catchUp)}");
        }

        return now < due.DueAt + catchUp + Jitter(due) + Grace
            ? _due with { Reason = "no run yet; it is made up while catchUp lasts" }
            : new(OccurrenceStatus.Missed, LedgerCauses.NotStarted, "the server did not start it; it gives no reason");
    }

    /// <summary>The outage that a due time fell into and that was longer than it can be made up; null when there was none.</summary>
    static Outage? DownFor(LedgerEvent due, LedgerEvidence evidence) =>
        evidence.Outages.LastOrDefault(o => o.BeganAt < due.DueAt && due.DueAt < o.EndedAt && o.EndedAt > due.DueAt + CatchUp(due));

    static TimeSpan CatchUp(LedgerEvent due) => due.Version?.Schedule.CatchUp ?? TimeSpan.Zero;

    static TimeSpan Jitter(LedgerEvent due) => due.Version?.Schedule.Jitter ?? TimeSpan.Zero;
}
