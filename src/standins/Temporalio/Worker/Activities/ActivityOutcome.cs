using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Temporalio.Worker.Activities;

/// <summary>What is to be reported about an attempt.</summary>
abstract record ActivityOutcome
{
    public static ActivityOutcome Completed(object? result) => new Success(result);

    /// <summary>Decides by the exception and by why the attempt was told to stop.</summary>
    public static ActivityOutcome Of(Exception problem, RunningActivity activity)
    {
        if (problem is CompleteAsyncException)
            return new Nothing();
        if (!TemporalException.IsCanceledException(problem))
            return new Failure(problem);

        return activity.CancelReason switch
        {
            ActivityCancelReason.CancelRequested => new Cancelled((problem as CanceledFailureException)?.Details),
            ActivityCancelReason.GoneFromServer or ActivityCancelReason.Timeout => new Nothing(),
            ActivityCancelReason.HeartbeatRecordFailure => new Failure(activity.HeartbeatProblem ?? problem),
            ActivityCancelReason.Paused => new Failure(new ApplicationFailureException("Activity paused", errorType: "ActivityPause")),
            ActivityCancelReason.Reset => new Failure(new ApplicationFailureException("Activity reset", errorType: "ActivityReset")),
            ActivityCancelReason.WorkerShutdown =>
                new Failure(
                    new ApplicationFailureException(
                        "Worker is shutting down and this activity did not complete in time", errorType: "WorkerShutdown")),
            _ => new Failure(problem),
        };
    }

    public sealed record Success(object? Result) : ActivityOutcome;

    public sealed record Failure(Exception Problem) : ActivityOutcome;

    public sealed record Cancelled(IFailureDetails? Details) : ActivityOutcome;

    /// <summary>Somebody else completes it, or nobody waits for it.</summary>
    public sealed record Nothing : ActivityOutcome;
}
