using Temporalio.Api.Activity.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>The workflow task that is scheduled or started.</summary>
sealed class PendingWorkflowTask
{
    /// <summary>Attempts after the first are not in history until one of them completes.</summary>
    public required int Attempt { get; set; }

    public required long ScheduledEventId { get; set; }

    public required DateTime ScheduledTime { get; set; }

    /// <summary>When the first of a row of heartbeating tasks was scheduled.</summary>
    public required DateTime OriginalScheduledTime { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Made for an update only; its events appear when the update is accepted. Lives in memory only.</summary>
    public bool IsSpeculative { get; set; }

    /// <summary>Put on the worker's own queue.</summary>
    public bool IsSticky { get; set; }

    /// <summary>How long it may wait for the worker that has the workflow in its cache; zero when there is none.</summary>
    public TimeSpan StickyTimeout { get; set; }

    public long StartedEventId { get; set; }

    public DateTime StartedTime { get; set; }

    public string Identity { get; set; } = "";

    public string RequestId { get; set; } = "";

    public bool SuggestContinueAsNew { get; set; }

    public long HistorySize { get; set; }

    public bool IsStarted => StartedEventId != 0;

    /// <summary>Whether its Scheduled event stands in history.</summary>
    public bool HasEvents => Attempt == 1 && !IsSpeculative;
}

/// <summary>An activity between its Scheduled event and its end.</summary>
sealed class PendingActivity
{
    public required long ScheduledEventId { get; init; }

    public required DateTime ScheduledTime { get; init; }

    public required ActivityTaskScheduledEventAttributes Scheduled { get; init; }

    /// <summary>Options in force: those of the event, or what an operator set since.</summary>
    public required ActivityOptions Options { get; set; }

    public bool OptionsChanged { get; set; }

    public int Attempt { get; set; } = 1;

    /// <summary>When the current attempt goes or went to its queue.</summary>
    public DateTime AttemptScheduledTime { get; set; }

    public DateTime? StartedTime { get; set; }

    public string StartedIdentity { get; set; } = "";

    public string RequestId { get; set; } = "";

    public Failure? LastFailure { get; set; }

    public Payloads? HeartbeatDetails { get; set; }

    public DateTime? HeartbeatTime { get; set; }

    public string LastIdentity { get; set; } = "";

    public DateTime? LastStartedTime { get; set; }

    public DateTime? LastCompleteTime { get; set; }

    public TimeSpan? RetryInterval { get; set; }

    public bool CancelRequested { get; set; }

    public long CancelRequestedEventId { get; set; }

    public bool Paused { get; set; }

    public DateTime PausedTime { get; set; }

    public string PausedIdentity { get; set; } = "";

    public string PausedReason { get; set; } = "";

    public bool ResetRequested { get; set; }

    public bool ResetHeartbeats { get; set; }

    /// <summary>Grows when a task that may still lie in a queue must not be handed out any more.</summary>
    public int Stamp { get; set; }

    /// <summary>Waits for its retry; not in a queue.</summary>
    public bool IsBackingOff(DateTime now) => StartedTime is null && AttemptScheduledTime > now;

    /// <summary>The current attempt lies in its task queue.</summary>
    public bool IsQueued { get; set; }

    public string ActivityId => Scheduled.ActivityId;
}

sealed record PendingTimer(string TimerId, long StartedEventId, DateTime Due);

sealed class PendingChild
{
    public required long InitiatedEventId { get; init; }

    public required StartChildWorkflowExecutionInitiatedEventAttributes Initiated { get; init; }

    public bool IsStarted { get; set; }

    /// <summary>0 while its Started event is buffered.</summary>
    public long StartedEventId { get; set; }

    public string RunId { get; set; } = "";
}
