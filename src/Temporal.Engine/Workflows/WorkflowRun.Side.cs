using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Stored;
using Temporalio.Api.Common.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Temporal.Engine;

/// <summary>What is true of a run but not in its history, and its form on disk.</summary>
sealed partial class WorkflowRun
{
    /// <summary>The scheduled or started workflow task.</summary>
    public PendingWorkflowTask? Task { get; set; }

    /// <summary>Attempt of the current or next workflow task; above 1 its events are not written until it completes.</summary>
    public int TaskAttempt { get; set; } = 1;

    /// <summary>The worker's own queue: where the next task goes while the worker has the workflow in its cache.</summary>
    public StickyExecutionAttributes? Sticky { get; set; }

    /// <summary>
    /// The last answer would have ended the workflow, had nothing new come meanwhile. In memory only: after a restart
    /// callers are let in again, and the workflow ends one task later.
    /// </summary>
    public bool CloseAttempted { get; set; }

    /// <summary>Its worker is at the task in which it will most likely end the workflow.</summary>
    public bool IsAboutToClose => CloseAttempted && Task is { IsStarted: true };

    public string CreateRequestId { get; set; } = "";

    /// <summary>Request ids of signals and cancels that were taken, so that a repeated call does nothing.</summary>
    public HashSet<string> RequestIds { get; } = [];

    /// <summary>When the first workflow task comes, where it is put off.</summary>
    public DateTime? FirstTaskDue { get; set; }

    public DateTime? RunExpiration { get; set; }

    public DateTime? ExecutionExpiration { get; set; }

    public string ResetRunId { get; set; } = "";

    SideRecord ToSideRecord()
    {
        var side = new SideRecord
        {
            StateTransitions = StateTransitions,
            FirstTaskDue = ToTimestamp(FirstTaskDue),
            RunExpiration = ToTimestamp(RunExpiration),
            ExecutionExpiration = ToTimestamp(ExecutionExpiration),
            ResetRunId = ResetRunId,
        };
        if (!IsOpen)
            return side;
        side.FailuresInARow = _failuresInARow;
        side.ReportedProblems = SearchAttributes.GetValueOrDefault(ProblemsAttribute);
        side.BufferedEvents.AddRange(_buffered);
        side.RequestIds.AddRange(RequestIds);
        if (Sticky is not null)
            side.Sticky = new() { TaskQueue = Sticky.WorkerTaskQueue.Name, ScheduleToStartTimeout = Sticky.ScheduleToStartTimeout };
        side.WorkflowTask = ToRecord(Task);
        foreach (var activity in Activities.Values)
        {
            if (ToRecord(activity) is { } record)
                side.Activities.Add(record);
        }

        if (CanRest)
        {
            side.Rests = true;
            side.NextDue = ToTimestamp(NextDue());
        }

        return side;
    }

    /// <summary>All that must survive a restart, as text: for tests that compare before and after.</summary>
    public string Dump() => $"""
        {WorkflowId} {RunId} {Status} next {NextEventId} seen {LastCompletedTaskStartedEventId} size {HistorySize} cancel {CancelRequested} signals {SignalCount}
        task {Task?.ScheduledEventId} {Task?.StartedEventId} {Task?.Attempt} {Task?.ScheduledTime:O} {Task?.StartedTime:O}
        timers {string.Join(", ", Timers.Values.OrderBy(timer => timer.StartedEventId))}
        activities {string.Join(", ", Activities.Values.Select(one => $"{one.ScheduledEventId} {one.CancelRequested} {one.Options}"))}
        children {string.Join(", ", Children.Values.Select(one => $"{one.InitiatedEventId} {one.IsStarted} {one.StartedEventId} {one.RunId}"))}
        updates {string.Join(", ", UpdateEvents)} signals {string.Join(", ", PendingExternalSignals)} cancels {string.Join(", ", PendingExternalCancels)}
        memo {string.Join(", ", Memo)} attributes {string.Join(", ", SearchAttributes)}
        side {WithoutCount(ToSideRecord())}
        """;

    static SideRecord WithoutCount(SideRecord side)
    {
        side.StateTransitions = 0;
        return side;
    }

    WorkflowTaskRecord ToRecord(PendingWorkflowTask? task)
    {
        // A speculative task lives in memory only: after a restart its update is asked for again by its caller.
        if (task is null || task.IsSpeculative)
            return new() { Attempt = TaskAttempt };
        return new()
        {
            Attempt = task.Attempt,
            ScheduledEventId = task.ScheduledEventId,
            StartedEventId = task.StartedEventId,
            ScheduledTime = Timestamp.FromDateTime(task.ScheduledTime),
            StartedTime = task.IsStarted ? Timestamp.FromDateTime(task.StartedTime) : null,
            OriginalScheduledTime = Timestamp.FromDateTime(task.OriginalScheduledTime),
            Timeout = Duration.FromTimeSpan(task.Timeout),
            Identity = task.Identity,
            RequestId = task.RequestId,
            Sticky = task.IsSticky,
            SuggestContinueAsNew = task.SuggestContinueAsNew,
            HistorySize = task.HistorySize,
        };
    }

    /// <summary>Null for an activity that waits for its first attempt: all about it stands in its event.</summary>
    static ActivityRecord? ToRecord(PendingActivity activity)
    {
        if (activity is { Attempt: 1, StartedTime: null, HeartbeatTime: null, Paused: false, Stamp: 0, OptionsChanged: false, LastFailure: null })
            return null;
        return new()
        {
            ScheduledEventId = activity.ScheduledEventId,
            Attempt = activity.Attempt,
            AttemptScheduledTime = Timestamp.FromDateTime(activity.AttemptScheduledTime),
            StartedTime = ToTimestamp(activity.StartedTime),
            LastStartedTime = ToTimestamp(activity.LastStartedTime),
            StartedIdentity = activity.StartedIdentity,
            RequestId = activity.RequestId,
            LastFailure = activity.LastFailure,
            HeartbeatDetails = activity.HeartbeatDetails,
            HeartbeatTime = ToTimestamp(activity.HeartbeatTime),
            LastIdentity = activity.LastIdentity,
            LastCompleteTime = ToTimestamp(activity.LastCompleteTime),
            RetryInterval = activity.RetryInterval is { } interval ? Duration.FromTimeSpan(interval) : null,
            Paused = activity.Paused,
            PausedTime = activity.Paused ? Timestamp.FromDateTime(activity.PausedTime) : null,
            PausedIdentity = activity.PausedIdentity,
            PausedReason = activity.PausedReason,
            ResetRequested = activity.ResetRequested,
            ResetHeartbeats = activity.ResetHeartbeats,
            Options = activity.OptionsChanged ? activity.Options : null,
            Stamp = activity.Stamp,
        };
    }

    static Timestamp? ToTimestamp(DateTime? time) => time is { } some ? Timestamp.FromDateTime(some) : null;

    /// <summary>After the history was folded.</summary>
    public void LoadSide(StoredRun stored)
    {
        var side = SideRecord.Parser.ParseFrom(stored.SideRecord);
        CreateRequestId = stored.CreateRequestId;
        HistorySize = stored.HistorySize;
        StateTransitions = side.StateTransitions;
        FirstTaskDue = side.FirstTaskDue?.ToDateTime();
        RunExpiration = side.RunExpiration?.ToDateTime();
        ExecutionExpiration = side.ExecutionExpiration?.ToDateTime();
        ResetRunId = side.ResetRunId;
        RequestIds.UnionWith(side.RequestIds);
        _visibilityChanged = false;
        if (!IsOpen)
            return;
        _failuresInARow = side.FailuresInARow;
        if (side.ReportedProblems is { } problems)
            SearchAttributes[ProblemsAttribute] = problems;
        if (side.Sticky is { } sticky)
        {
            Sticky = new()
            {
                WorkerTaskQueue = new() { Name = sticky.TaskQueue },
                ScheduleToStartTimeout = sticky.ScheduleToStartTimeout,
            };
        }

        LoadTask(side.WorkflowTask);
        foreach (var record in side.Activities)
        {
            if (Activities.TryGetValue(record.ScheduledEventId, out var activity))
                LoadActivity(activity, record);
        }

        foreach (var one in side.BufferedEvents)
        {
            _buffered.Add(one);
            Apply(one);
        }

        _visibilityChanged = false;
    }

    void LoadTask(WorkflowTaskRecord? record)
    {
        TaskAttempt = Math.Max(1, record?.Attempt ?? 1);
        if (record is null || record.ScheduledEventId == 0)
            return;
        Task = new()
        {
            Attempt = record.Attempt,
            ScheduledEventId = record.ScheduledEventId,
            ScheduledTime = record.ScheduledTime.ToDateTime(),
            OriginalScheduledTime = record.OriginalScheduledTime.ToDateTime(),
            Timeout = record.Timeout.ToTimeSpan(),
            StartedEventId = record.StartedEventId,
            StartedTime = record.StartedTime?.ToDateTime() ?? default,
            Identity = record.Identity,
            RequestId = record.RequestId,
            IsSticky = record.Sticky,
            SuggestContinueAsNew = record.SuggestContinueAsNew,
            HistorySize = record.HistorySize,
        };
    }

    static void LoadActivity(PendingActivity activity, ActivityRecord record)
    {
        activity.Attempt = record.Attempt;
        activity.AttemptScheduledTime = record.AttemptScheduledTime.ToDateTime();
        activity.StartedTime = record.StartedTime?.ToDateTime();
        activity.LastStartedTime = record.LastStartedTime?.ToDateTime();
        activity.StartedIdentity = record.StartedIdentity;
        activity.RequestId = record.RequestId;
        activity.LastFailure = record.LastFailure;
        activity.HeartbeatDetails = record.HeartbeatDetails;
        activity.HeartbeatTime = record.HeartbeatTime?.ToDateTime();
        activity.LastIdentity = record.LastIdentity;
        activity.LastCompleteTime = record.LastCompleteTime?.ToDateTime();
        activity.RetryInterval = record.RetryInterval?.ToTimeSpan();
        activity.Paused = record.Paused;
        activity.PausedTime = record.PausedTime?.ToDateTime() ?? default;
        activity.PausedIdentity = record.PausedIdentity;
        activity.PausedReason = record.PausedReason;
        activity.ResetRequested = record.ResetRequested;
        activity.ResetHeartbeats = record.ResetHeartbeats;
        activity.Stamp = record.Stamp;
        if (record.Options is not null)
        {
            activity.Options = record.Options;
            activity.OptionsChanged = true;
        }
    }
}
