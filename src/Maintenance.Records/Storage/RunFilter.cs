namespace Maintenance.Records;

/// <summary>The parts of the run list that are the same in both dialects.</summary>
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
            query.After is null ? null : "(started_at, run_id) < (@afterStart, @afterId)",
        ];
        var given = string.Join(" and ", conditions.OfType<string>());
        return given.Length == 0 ? "" : $"where {given}";
    }

    /// <summary>One row more than asked for was read, to know whether there is a next page.</summary>
    public static RunPage Page(IReadOnlyList<RunRecord> rows, int limit)
    {
        if (rows.Count <= limit)
            return new(rows, null);

        var last = rows[limit - 1];
        return new([.. rows.Take(limit)], new(last.StartedAt, last.RunId));
    }

    /// <exception cref="ArgumentException">The run has not ended, or two steps have one position.</exception>
    public static void RequireFinished(RunRecord run)
    {
        if (run.FinishedAt is null || run.Status == RunStatus.Running)
            throw new ArgumentException(
                $"Run {run.RunId} is {run.Status} with finish time '{run.FinishedAt}'; a finished run has a final status and a time.", nameof(run));
    }
}
