namespace Temporalio.Activities;

/// <summary>Why an activity's cancellation token was cancelled.</summary>
public enum ActivityCancelReason
{
    /// <summary>Not cancelled.</summary>
    None = 0,

    /// <summary>The server no longer knows this attempt: it timed out there, or its workflow closed.</summary>
    GoneFromServer = 1,

    /// <summary>Cancellation was asked for.</summary>
    CancelRequested = 2,

    /// <summary>A timeout passed, seen by the worker's own clock.</summary>
    Timeout = 3,

    /// <summary>The worker shuts down and its grace period is over.</summary>
    WorkerShutdown = 4,

    /// <summary>Heartbeat details could not be converted or sent.</summary>
    HeartbeatRecordFailure = 5,

    /// <summary>An operator paused the activity.</summary>
    Paused = 6,

    /// <summary>An operator reset the activity.</summary>
    Reset = 7,
}
