using Maintenance.Schedules;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>What a schedule of a Temporal server says and an entry of schedules.json cannot, or says elsewhere.</summary>
static class ExportLosses
{
    /// <summary>Each is a reason not to write an entry, because it would be due at other times.</summary>
    public static IEnumerable<string> Refusals(Temporalio.Client.Schedules.Schedule schedule, DateTime now)
    {
        var spec = schedule.Spec;
        if (schedule.State.LimitedActions)
            yield return $"it ends after {schedule.State.RemainingActions} more runs; let it end on the server";
        if (spec.Skip.Count > 0)
            yield return "it leaves out times (exclude calendars); write an entry with \"exclude\" yourself";
        // A beginning that is over changes nothing any more.
        if (spec.StartAt is { } start && start > now)
            yield return $"it begins only at {Instants.Format(Utc(start))}; write an entry with \"only\" and a calendar of dates, or wait "
                + "until then";
        if (spec.EndAt is { } end)
            yield return end > now
                ? $"it ends at {Instants.Format(Utc(end))}; write an entry with \"only\" and a calendar of dates yourself"
                : $"it ended at {Instants.Format(Utc(end))}";
        if (spec.CronExpressions.Count > 0)
            yield return $"it has cron expressions that the server did not take apart: {string.Join(", ", spec.CronExpressions)}";
        if (spec.Calendars.Count + spec.Intervals.Count + spec.CronExpressions.Count == 0)
            yield return "it is never due; whoever starts it does so by hand";
        if (spec.Intervals.Select(i => i.Offset ?? TimeSpan.Zero).Distinct().Count() > 1)
            yield return "its intervals have different offsets, and an entry has one; write an entry for each";
        if (spec.Intervals.Any(
            i => i.Every.Ticks % TimeSpan.TicksPerSecond != 0 || (i.Offset ?? TimeSpan.Zero).Ticks % TimeSpan.TicksPerSecond != 0))
            yield return "an interval of it is no whole number of seconds";
    }

    /// <summary>What changes, or has its place in the job, when the schedule becomes ours.</summary>
    public static IEnumerable<string> Notes(string id, ScheduleActionStartWorkflow start, string taskQueue)
    {
        var options = start.Options;
        if (options.TaskQueue != taskQueue)
            yield return $"its workflow runs on the task queue '{options.TaskQueue}'; adopted, it starts the job '{start.Workflow}' "
                + $"on '{taskQueue}'";
        if (options.Id != id)
            yield return $"its runs are named '{options.Id}-TIME'; adopted, they are named '{id}-TIME'";
        if (options.RetryPolicy is not null)
            yield return "its workflow has a retry policy; steps of a job have \"retry\"";
        if (options.ExecutionTimeout is not null || options.RunTimeout is not null || options.TaskTimeout is not null)
            yield return "its workflow has a time limit; a job has \"timeout\"";
        if (options.Memo is { Count: > 0 } memo)
            yield return $"its workflow has a memo ({string.Join(", ", memo.Keys.Order(StringComparer.Ordinal))}); adopted, it has that of "
                + "Maintenance";
        if (options.TypedSearchAttributes is { Count: > 0 })
            yield return "its workflow has search attributes; adopted, it has none of them";
        if (options.Priority is not null)
            yield return "its workflow has a priority; adopted, it has none";
        if (start.Headers is { Count: > 0 })
            yield return "its workflow gets headers; adopted, it gets none";
    }

    /// <summary>The same for what the SDK's description does not show.</summary>
    public static (IReadOnlyList<string> Refusals, IReadOnlyList<string> Notes) Raw(DescribeScheduleResponse raw)
    {
        var (refusals, notes) = (new List<string>(), new List<string>());
        if (raw.Schedule.Spec?.TimezoneData is { IsEmpty: false })
            refusals.Add("it brings a time zone of its own (timezone data); write an entry with the name of a zone");
        if (raw.Schedule.Policies?.KeepOriginalWorkflowId == true)
            notes.Add("its runs all have the same id; adopted, the time is appended");
        if (raw.Schedule.Action?.StartWorkflow is { } start && (start.UserMetadata is not null || start.VersioningOverride is not null))
            notes.Add("its workflow has a summary or is bound to a version; adopted, it is not");
        return (refusals, notes);
    }

    static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
