namespace Temporalio.Activities;

/// <summary>Everything that was known about a cancellation when it was delivered. More than one may be true.</summary>
public class ActivityCancellationDetails
{
    /// <summary>See <see cref="ActivityCancelReason.GoneFromServer"/>.</summary>
    public bool IsGoneFromServer { get; init; }

    /// <summary>See <see cref="ActivityCancelReason.CancelRequested"/>.</summary>
    public bool IsCancelRequested { get; init; }

    /// <summary>See <see cref="ActivityCancelReason.Timeout"/>.</summary>
    public bool IsTimedOut { get; init; }

    /// <summary>See <see cref="ActivityCancelReason.WorkerShutdown"/>.</summary>
    public bool IsWorkerShutdown { get; init; }

    /// <summary>See <see cref="ActivityCancelReason.HeartbeatRecordFailure"/>.</summary>
    public bool IsHeartbeatRecordFailure { get; init; }

    /// <summary>See <see cref="ActivityCancelReason.Paused"/>.</summary>
    public bool IsPaused { get; init; }

    /// <summary>See <see cref="ActivityCancelReason.Reset"/>.</summary>
    public bool IsReset { get; init; }
}
