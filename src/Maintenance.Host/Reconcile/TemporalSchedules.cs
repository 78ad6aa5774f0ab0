using System.Text;
using System.Text.Json;
using Maintenance.Schedules;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Converters;
using Schedule = Temporalio.Client.Schedules.Schedule;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Our schedules as Temporal's, and both as one canonical text. Two schedules with the same text do the same; it leaves out the
/// state (pause, note, counters), which belongs to the operator and the server.
/// </summary>
static class TemporalSchedules
{
    public static Schedule ToTemporal(DesiredSchedule desired, ReconcilerOptions options)
    {
        var schedule = desired.Schedule;
        using var input = JsonDocument.Parse(schedule.InputJson);
        var action = ScheduleActionStartWorkflow.Create(
            schedule.Job,
            [input.RootElement.Clone()],
            new WorkflowOptions(schedule.Id, options.TaskQueue) { Memo = Memo(desired, options) });
        return new Schedule(action, Spec(desired.Spec))
        {
            Policy = new SchedulePolicy
            {
                Overlap = OverlapOf(schedule.Overlap),
                CatchupWindow = schedule.CatchUp,
                PauseOnFailure = schedule.PauseOnFailure,
            },
        };
    }

    static Dictionary<string, object> Memo(DesiredSchedule desired, ReconcilerOptions options)
    {
        var schedule = desired.Schedule;
        var memo = new Dictionary<string, object>
        {
            [RunMemo.Installation] = options.Installation,
            [RunMemo.Schedule] = schedule.Id,
            [RunMemo.Bundle] = desired.BundleHash,
            [RunMemo.Spec] = schedule.ResolvedJson,
            [ScheduleMemo.Source] = schedule.SourceText,
        };
        if (schedule.PausedReason is { } reason)
            memo[ScheduleMemo.Paused] = reason;
        if (options.GitCommit is { } commit)
            memo[RunMemo.GitCommit] = commit;
        if (desired.Spec.Form == SpecForm.Listed)
            memo[RunMemo.TimeZoneData] = Zones.DataVersion;
        return memo;
    }

    static ScheduleSpec Spec(TemporalSpec spec) => new()
    {
        Calendars =
        [
            .. spec.Calendars.Select(c => new ScheduleCalendarSpec
            {
                Second = Ranges(c.Second),
                Minute = Ranges(c.Minute),
                Hour = Ranges(c.Hour),
                DayOfMonth = Ranges(c.DayOfMonth),
                Month = Ranges(c.Month),
                Year = Ranges(c.Year),
                DayOfWeek = Ranges(c.DayOfWeek),
            }),
        ],
        Intervals = [.. spec.Intervals.Select(i => new ScheduleIntervalSpec(i.Every, i.Offset))],
        Jitter = spec.Jitter > TimeSpan.Zero ? spec.Jitter : null,
        TimeZoneName = spec.TimeZone,
    };

    static ScheduleRange[] Ranges(IReadOnlyList<SpecRange> ranges) => [.. ranges.Select(r => new ScheduleRange(r.Start, r.End, r.Step))];

    static ScheduleOverlapPolicy OverlapOf(Overlap overlap) => overlap switch
    {
        Overlap.Skip => ScheduleOverlapPolicy.Skip,
        Overlap.BufferOne => ScheduleOverlapPolicy.BufferOne,
        Overlap.BufferAll => ScheduleOverlapPolicy.BufferAll,
        Overlap.CancelOther => ScheduleOverlapPolicy.CancelOther,
        Overlap.TerminateOther => ScheduleOverlapPolicy.TerminateOther,
        Overlap.AllowAll => ScheduleOverlapPolicy.AllowAll,
        _ => throw new ArgumentOutOfRangeException(nameof(overlap), overlap, null),
    };

    /// <summary>
    /// Reads what the server has back into values; the git commit and the version of the time zone data are left out: alone they change no
    /// schedule.
    /// </summary>
    public static async Task<string> CanonicalAsync(Schedule schedule)
    {
        var text = new StringBuilder(FromTemporal(schedule.Spec).ToString());
        text.Append(
            $"\noverlap={schedule.Policy.Overlap} catchUp={schedule.Policy.CatchupWindow.TotalSeconds} "
                + $"pauseOnFailure={schedule.Policy.PauseOnFailure}");
        if (schedule.Action is not ScheduleActionStartWorkflow start)
            return text.Append("\naction=other").ToString();
        text.Append($"\nworkflow={start.Workflow} id={start.Options.Id} queue={start.Options.TaskQueue}");
        foreach (var argument in start.Args)
            text.Append("\narg=").Append(await TextAsync(argument));
        var memo = start.Options.Memo ?? new Dictionary<string, object>();
        foreach (var (name, value) in memo.Where(m => m.Key is not (RunMemo.GitCommit or RunMemo.TimeZoneData))
            .OrderBy(m => m.Key, StringComparer.Ordinal))
            text.Append($"\nmemo.{name}=").Append(await TextAsync(value));
        return text.ToString();
    }

    /// <summary>A text of the action's memo, or null.</summary>
    public static async Task<string?> MemoAsync(Schedule schedule, string name)
    {
        if (schedule.Action is not ScheduleActionStartWorkflow { Options.Memo: { } memo } || !memo.TryGetValue(name, out var value))
            return null;
        return value is IEncodedRawValue raw ? await TryTextAsync(raw) : value as string;
    }

    /// <summary>Null when the value is no text: then somebody else wrote it.</summary>
    public static async Task<string?> TryTextAsync(IEncodedRawValue raw)
    {
        try
        {
            return await raw.ToValueAsync<string>();
        }
        catch (Exception other) when (other is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    static async Task<string> TextAsync(object? value) =>
        JsonSerializer.Serialize(value is IEncodedRawValue raw ? await raw.ToValueAsync<JsonElement>() : value);

    static TemporalSpec FromTemporal(ScheduleSpec spec)
    {
        var calendars = spec.Calendars.Select(c => new SpecCalendar(
            Ranges(c.Second), Ranges(c.Minute), Ranges(c.Hour), Ranges(c.DayOfMonth), Ranges(c.Month), Ranges(c.Year),
            Ranges(c.DayOfWeek)));
        var intervals = spec.Intervals.Select(i => new SpecInterval(i.Every, i.Offset ?? TimeSpan.Zero));
        var text = new TemporalSpec(
            SpecForm.Utc,
            spec.TimeZoneName ?? "",
            [.. calendars], [.. intervals], spec.Jitter ?? TimeSpan.Zero, null);
        // What apply never writes shows up as a difference when somebody else did.
        var foreign = spec.Skip.Count + spec.CronExpressions.Count > 0 || spec.StartAt is not null || spec.EndAt is not null;
        return foreign ? text with { TimeZone = $"{text.TimeZone} (with entries that are not from apply)" } : text;
    }

    /// <summary>A server may leave out what is the default: end = start, step = 1.</summary>
    static SpecRange[] Ranges(IReadOnlyCollection<ScheduleRange> ranges) =>
        [.. ranges.Select(r => new SpecRange(r.Start, Math.Max(r.Start, r.End), Math.Max(1, r.Step)))];
}
