using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Stored;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Schedules;

/// <summary>
/// One schedule's rules: from the time and what has happened to starts, cancellations and the next wake-up. Works in turns:
/// first the due times up to now, then what the caller changes, then backfills, then whatever of the waiting starts may
/// begin. Has no clock, no store and no lock; the same inputs give the same outputs.
/// </summary>
sealed partial class ScheduleMachine
{
    readonly IScheduleActions _actions;
    readonly string _jitterSeed;
    readonly Queue<ScheduledRunClosed> _closed = [];
    bool _inTurn;

    public ScheduleMachine(ScheduleRecord record, IScheduleActions actions)
    {
        Record = record;
        _actions = actions;
        _jitterSeed = JitterSeed(record.Definition);
        try
        {
            Spec = CompiledSpec.Of(record.Definition.Spec, _jitterSeed);
        }
        catch (InvalidSpecException error)
        {
            // Stored in order, and unusable here: a time zone that this machine does not know. Nothing is due until an update.
            SpecError = error.Message;
            Spec = CompiledSpec.Of(new(), _jitterSeed);
        }
    }

    public ScheduleRecord Record { get; }

    public CompiledSpec Spec { get; private set; }

    /// <summary>Why the stored spec cannot be used; null when it can.</summary>
    public string? SpecError { get; }

    /// <summary>When the next turn is due; null when only a request or the end of a run can change something.</summary>
    public DateTime? NextWakeUp { get; private set; }

    /// <summary>Nothing was left to do for so long that the schedule ends.</summary>
    public bool IsFinished { get; private set; }

    static string JitterSeed(ScheduleDefinitionRecord definition) => $"{definition.NamespaceId}-{definition.ScheduleId}";

    /// <summary>Plans the next turn of a schedule that was read from the store. Changes nothing.</summary>
    public void Resume(DateTime now) => PlanNext(now, MayAct ? NextDue(SearchStart(Record.Progress.LastProcessedTime.ToDateTime())) : null);

    public void Wake(DateTime now) => Turn(now, static () => false);

    public void Patch(DateTime now, SchedulePatch patch) => Turn(now, () =>
    {
        Apply(patch, now);
        return false;
    });

    /// <summary>Replaces what clients wrote, unless the token says that they had not seen the newest state.</summary>
    public void Update(DateTime now, Schedule schedule, long conflictToken, SearchAttributes? searchAttributes) => Turn(now, () =>
    {
        if (conflictToken != 0 && conflictToken != Record.Progress.ConflictToken)
            return false;
        Apply(schedule, searchAttributes);
        Record.Info.UpdateTime = Timestamp.FromDateTime(now);
        Record.Progress.ConflictToken++;
        return true;
    });

    /// <summary>Says that a chain of runs has ended. Also while a turn is under way.</summary>
    public void Closed(DateTime now, ScheduledRunClosed closed)
    {
        _closed.Enqueue(closed);
        if (_inTurn)
            return;
        // Without waiting starts nobody waits for this end: it is noted, the rest has time.
        if (Record.Progress.BufferedStarts.Count == 0)
            NoteClosed();
        else
            Wake(now);
    }

    public bool IsTracked(string workflowId, string firstRunId) =>
        Record.Info.RunningWorkflows.Any(run => run.WorkflowId == workflowId && run.RunId == firstRunId);

    void Turn(DateTime now, Func<bool> change)
    {
        _inTurn = true;
        try
        {
            NoteClosed();
            // The clock may have gone back since the last turn.
            var last = Record.Progress.LastProcessedTime.ToDateTime();
            var end = now < last ? last : now;
            var next = TakeDueTimes(end);
            if (change())
                next = TakeDueTimes(end);
            TakeBackfills();
            StartWaiting(now);
            // Terminated in this turn: the start that waited for it goes on at once.
            while (NoteClosed() && Record.Progress.BufferedStarts.Count > 0)
            {
                TakeBackfills();
                StartWaiting(now);
            }

            PlanNext(now, next);
        }
        finally
        {
            _inTurn = false;
        }
    }

    void Apply(SchedulePatch patch, DateTime now)
    {
        if (patch.TriggerImmediately is { } trigger)
        {
            var time = trigger.ScheduledTime is null ? now : Instants.Of(trigger.ScheduledTime);
            AddStart(new(time, time), trigger.OverlapPolicy, manual: true);
        }

        foreach (var backfill in patch.BackfillRequest)
            Add(backfill.Clone());
        if (patch.Pause.Length > 0)
            SetPaused(true, patch.Pause);
        if (patch.Unpause.Length > 0)
            SetPaused(false, patch.Unpause);
    }

    void Add(BackfillRequest backfill)
    {
        if (Record.Progress.Backfills.Count >= ScheduleLimits.Buffer)
        {
            Record.Info.BufferDropped++;
            return;
        }

        // Searches begin after their start; a backfill includes it.
        backfill.StartTime = Timestamp.FromDateTime(Instants.Add(Instants.OrEpoch(backfill.StartTime), TimeSpan.FromMilliseconds(-1)));
        Record.Progress.Backfills.Add(backfill);
    }

    void SetPaused(bool paused, string notes)
    {
        Record.State.Paused = paused;
        Record.State.Notes = notes;
        Record.Progress.ConflictToken++;
    }

    void Apply(Schedule schedule, SearchAttributes? searchAttributes)
    {
        var definition = Record.Definition.Clone();
        definition.Spec = schedule.Spec ?? new();
        definition.Action = schedule.Action ?? new();
        definition.Policies = ScheduleLimits.WithDefaults(schedule.Policies);
        // None given: they stay. An empty map: they go.
        if (searchAttributes is not null)
            definition.SearchAttributes = searchAttributes;
        Record.Definition = definition;
        Record.Progress.State = schedule.State ?? new();
        Spec = CompiledSpec.Of(definition.Spec, _jitterSeed);
    }

    // False when nothing had closed.
    bool NoteClosed()
    {
        var any = _closed.Count > 0;
        while (_closed.TryDequeue(out var closed))
            Note(closed);
        return any;
    }

    void Note(ScheduledRunClosed closed)
    {
        var running = Record.Info.RunningWorkflows;
        var tracked = running.FirstOrDefault(run => run.WorkflowId == closed.WorkflowId && run.RunId == closed.FirstRunId);
        if (tracked is null)
            return;
        running.Remove(tracked);
        foreach (var action in Record.Info.RecentActions)
        {
            if (action.StartWorkflowResult.Equals(tracked))
                action.StartWorkflowStatus = closed.Status;
        }

        if (Record.Policies.PauseOnFailure && !Record.State.Paused && FailureNotes(closed) is { } notes)
            SetPaused(true, notes);
        if (closed.Result is not null)
        {
            Record.Progress.LastResult = closed.Result;
            Record.Progress.LastFailure = null;
        }
        else if (closed.Failure is not null)
        {
            // The last result stays: it is of the last run that completed.
            Record.Progress.LastFailure = closed.Failure;
        }
    }

    // Cancelled and terminated is not failed: somebody wanted it.
    static string? FailureNotes(ScheduledRunClosed closed) => closed.Status switch
    {
        WorkflowExecutionStatus.Failed => $"paused due to workflow failure: {closed.WorkflowId}: {closed.Failure?.Message}",
        WorkflowExecutionStatus.TimedOut => $"paused due to workflow timeout: {closed.WorkflowId}",
        _ => null,
    };
}
