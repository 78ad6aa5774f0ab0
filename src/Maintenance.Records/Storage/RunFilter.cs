namespace Maintenance.Records;

/// <summary>Conditions, order and pages of the run list.</summary>
static class RunFilter
{
    /// <summary>Parameter names keep their case: SQLite tells them apart by it.</summary>
    public static string Where(RunQuery query)
    {
        string?[] conditions =
        [
            query.Job is null ? null : "job = @Job",
            query.ScheduleId is null ? null : "schedule_id = @ScheduleId",
            query.Status is null ? null : "status = @status",
            // Said in words for the partial indexes; implied by the line above.
            query.Status is null or RunStatus.Succeeded ? null : "status <> 'succeeded'",
            query.Since is null ? null : "started_at >= @since",
            query.Until is null ? null : "started_at < @until",
            query.After is null ? null : "(started_at, run_id) < (@cursorStart, @cursorId)",
            query.Before is null ? null : "(started_at, run_id) > (@cursorStart, @cursorId)",
        ];
        var given = string.Join(" and ", conditions.OfType<string>());
        return given.Length == 0 ? "" : $"where {given}";
    }

    /// <summary>Backwards from a cursor the nearest rows are read first.</summary>
    public static string Order(RunQuery query) =>
        query.Before is null ? "order by started_at desc, run_id desc" : "order by started_at, run_id";

    public static RunCursor? Cursor(RunQuery query) => query.After ?? query.Before;

    /// <summary>One row more than asked for was read, to know whether there are more in that direction.</summary>
    public static RunPage Page(RunQuery query, IReadOnlyList<RunRecord> rows, int limit)
    {
        var more = rows.Count > limit;
        IReadOnlyList<RunRecord> runs = [.. query.Before is null ? rows.Take(limit) : rows.Take(limit).Reverse()];
        if (runs.Count == 0)
            return new(runs, null, null);

        var (first, last) = (RunCursor.Of(runs[0]), RunCursor.Of(runs[^1]));
        return query.Before is null
            ? new(runs, Next: more ? last : null, Previous: query.After is null ? null : first)
            : new(runs, Next: last, Previous: more ? first : null);
    }

    /// <exception cref="ArgumentException">The run has not ended, or two steps have one position.</exception>
    public static void RequireFinished(RunRecord run)
    {
        if (run.FinishedAt is null || run.Status == RunStatus.Running)
            throw new ArgumentException(
                $"Run {run.RunId} is {run.Status} with finish time '{run.FinishedAt}'; a finished run has a final status and a time.",
                nameof(run));
    }
}
