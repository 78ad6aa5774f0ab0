using Temporalio.Api.Enums.V1;
using Temporalio.Common;
using Temporalio.Exceptions;

namespace Temporalio.Worker.Activities;

/// <summary>Whether and when a local activity is tried again, as the server decides it for others.</summary>
static class LocalRetry
{
    const double DefaultMaximumIntervals = 100;

    public static TimeSpan? WaitAfter(Exception problem, int attempt, RetryPolicy policy)
    {
        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
            return null;
        if (TemporalException.IsCanceledException(problem)
            || problem is TimeoutFailureException { TimeoutType: not TimeoutType.StartToClose })
            return null;

        var application = problem as ApplicationFailureException;
        if (application?.NonRetryable == true)
            return null;

        var type = application?.ErrorType ?? problem.GetType().Name;
        if (policy.NonRetryableErrorTypes?.Contains(type, StringComparer.OrdinalIgnoreCase) == true)
            return null;
        if (application?.NextRetryDelay is { } asked)
            return asked;

        var longest = policy.MaximumInterval ?? policy.InitialInterval * DefaultMaximumIntervals;
        var seconds = policy.InitialInterval.TotalSeconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        return seconds >= longest.TotalSeconds ? longest : TimeSpan.FromSeconds(seconds);
    }
}
