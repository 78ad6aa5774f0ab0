using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>The schedules whose newest finished run did not end well. What a person started by hand has somebody who looks.</summary>
static class LastRuns
{
    static readonly TimeSpan _lookBack = TimeSpan.FromDays(7);

    /// <summary>So many failed runs are looked at: more than a person reads.</summary>
    const int Most = 100;

    public static async Task<IReadOnlyList<RunRecord>> FailedAsync(
        IRunStore store, IReadOnlySet<string> schedules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var failed = new List<RunRecord>();
        foreach (var status in new[] { RunStatus.Failed, RunStatus.TimedOut, RunStatus.Terminated })
        {
            var page = await store.ListRunsAsync(new() { Status = status, Since = now - _lookBack, Limit = Most }, cancellationToken);
            failed.AddRange(page.Runs.Where(run => run.ScheduleId is { } id && schedules.Contains(id)));
        }

        var last = new List<RunRecord>();
        foreach (var run in failed.GroupBy(run => run.ScheduleId).Select(runs => runs.MaxBy(run => run.StartedAt)!))
        {
            var since = await store.ListRunsAsync(
                new() { ScheduleId = run.ScheduleId, Since = run.StartedAt, Limit = 10 }, cancellationToken);
            if (since.Runs.FirstOrDefault(later => later.Status is not (RunStatus.Running or RunStatus.Skipped)) is { } newest
                && newest.RunId == run.RunId)
                last.Add(run);
        }

        return [.. last.OrderByDescending(run => run.StartedAt)];
    }

    public static string Text(RunRecord run) =>
        $"- {run.ScheduleId}: its last run, {RunText.ShortId(run.RunId)} of {RunText.Time(run.StartedAt)}, {RunText.Of(run.Status)}"
        + (run.Reason is { } reason ? $": {reason}" : "");
}
