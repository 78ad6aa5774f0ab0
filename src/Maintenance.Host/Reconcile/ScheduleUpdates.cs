using Google.Protobuf.WellKnownTypes;
using Maintenance.Schedules;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Converters;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// Updates that are bound to the state they were decided on: the conflict token of the look goes with the update, and the server drops the
/// update when anything changed since, such as a pause that came in between. The SDK's own update sends no token, hence the calls below it.
/// </summary>
sealed class ScheduleUpdates(ITemporalClient client, ReconcilerOptions options)
{
    /// <summary>Sends one update. A server answers OK also when it drops it, so only another look tells whether it was taken.</summary>
    /// <exception cref="ReconcileRefusedException">The schedule belongs to somebody else.</exception>
    public async Task SendAsync(DesiredSchedule desired, Temporalio.Client.Schedules.Schedule wanted, CancellationToken cancellationToken)
    {
        var rpc = Planner.Rpc(cancellationToken);
        var id = desired.Schedule.Id;
        var name = new DescribeScheduleRequest { Namespace = client.Options.Namespace, ScheduleId = id };
        var seen = await client.WorkflowService.DescribeScheduleAsync(name, rpc);
        var action = seen.Schedule.Action?.StartWorkflow?.Memo;
        var owner = ScheduleOwner.Of(
            id, await TextAsync(action, RunMemo.Schedule), await TextAsync(action, RunMemo.Installation),
            await TextAsync(seen.Memo, RunMemo.Installation));
        if (owner != options.Installation && !options.Adopt.Contains(id))
            throw new ReconcileRefusedException($"The schedule '{id}' belongs to {ScheduleOwner.Name(owner)}; it was left alone.");

        var update = new UpdateScheduleRequest
        {
            Namespace = client.Options.Namespace,
            ScheduleId = id,
            Schedule = await ToMessageAsync(wanted),
            ConflictToken = seen.ConflictToken,
            Identity = client.Connection.Options.Identity ?? "",
            RequestId = Guid.NewGuid().ToString(),
        };
        var before = await TextAsync(action, ScheduleMemo.Paused);
        update.Schedule.State = State(seen.Schedule.State ?? new ScheduleState(), before, desired.Schedule.PausedReason);
        // A number of runs after which it ends is nothing that a file can say.
        if (owner != options.Installation)
            (update.Schedule.State.LimitedActions, update.Schedule.State.RemainingActions) = (false, 0);
        await client.WorkflowService.UpdateScheduleAsync(update, rpc);
    }

    /// <summary>The state as it is, except that a pause that the file made follows the file.</summary>
    static ScheduleState State(ScheduleState seen, string? fileBefore, string? fileNow)
    {
        var state = seen.Clone();
        var pausedByFile = fileBefore is not null && seen.Paused && seen.Notes == fileBefore;
        if (fileNow is not null && (pausedByFile || (fileBefore is null && !seen.Paused)))
            (state.Paused, state.Notes) = (true, fileNow);
        else if (fileNow is null && pausedByFile)
            (state.Paused, state.Notes) = (false, "");
        return state;
    }

    async Task<Temporalio.Api.Schedule.V1.Schedule> ToMessageAsync(Temporalio.Client.Schedules.Schedule wanted) => new()
    {
        Spec = Spec(wanted.Spec),
        Action = new ScheduleAction
        {
            StartWorkflow = await ActionAsync((Temporalio.Client.Schedules.ScheduleActionStartWorkflow)wanted.Action),
        },
        Policies = new SchedulePolicies
        {
            OverlapPolicy = wanted.Policy.Overlap,
            CatchupWindow = Duration.FromTimeSpan(wanted.Policy.CatchupWindow),
            PauseOnFailure = wanted.Policy.PauseOnFailure,
        },
    };

    static ScheduleSpec Spec(Temporalio.Client.Schedules.ScheduleSpec spec) => new()
    {
        StructuredCalendar =
        {
            spec.Calendars.Select(c => new StructuredCalendarSpec
            {
                Second = { Ranges(c.Second) },
                Minute = { Ranges(c.Minute) },
                Hour = { Ranges(c.Hour) },
                DayOfMonth = { Ranges(c.DayOfMonth) },
                Month = { Ranges(c.Month) },
                Year = { Ranges(c.Year) },
                DayOfWeek = { Ranges(c.DayOfWeek) },
            }),
        },
        Interval =
        {
            spec.Intervals.Select(i => new IntervalSpec
            {
                Interval = Duration.FromTimeSpan(i.Every), Phase = i.Offset is { } offset ? Duration.FromTimeSpan(offset) : null,
            }),
        },
        Jitter = spec.Jitter is { } jitter ? Duration.FromTimeSpan(jitter) : null,
        TimezoneName = spec.TimeZoneName ?? "",
    };

    static IEnumerable<Temporalio.Api.Schedule.V1.Range> Ranges(IEnumerable<Temporalio.Client.Schedules.ScheduleRange> ranges) =>
        ranges.Select(r => new Temporalio.Api.Schedule.V1.Range { Start = r.Start, End = r.End, Step = r.Step });

    async Task<Temporalio.Api.Workflow.V1.NewWorkflowExecutionInfo> ActionAsync(
        Temporalio.Client.Schedules.ScheduleActionStartWorkflow action)
    {
        var converter = client.Options.DataConverter;
        var message = new Temporalio.Api.Workflow.V1.NewWorkflowExecutionInfo
        {
            WorkflowId = action.Options.Id,
            WorkflowType = new WorkflowType { Name = action.Workflow },
            TaskQueue = new Temporalio.Api.TaskQueue.V1.TaskQueue { Name = action.Options.TaskQueue },
            Input = new Payloads(),
            Memo = new Memo(),
        };
        foreach (var argument in action.Args)
            message.Input.Payloads_.Add(await converter.ToPayloadAsync(argument));
        foreach (var (name, value) in action.Options.Memo ?? new Dictionary<string, object>())
            message.Memo.Fields.Add(name, await converter.ToPayloadAsync(value));
        return message;
    }

    async Task<string?> TextAsync(Memo? memo, string name) => memo is not null && memo.Fields.TryGetValue(name, out var payload)
        ? await TemporalSchedules.TryTextAsync(new EncodedRawValue(client.Options.DataConverter, payload))
        : null;
}
