using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Exceptions;

/// <summary>An activity failed for good; the reason is the inner exception.</summary>
public class ActivityFailureException : FailureException
{
    protected internal ActivityFailureException(Failure failure, Exception? inner)
        : base(failure, inner)
    {
    }

    public new Failure Failure => base.Failure!;

    public string ActivityType => Info.ActivityType?.Name ?? string.Empty;

    public string ActivityId => Info.ActivityId;

    /// <summary>Who ran the last attempt; null when none was started.</summary>
    public string? Identity => Info.Identity.Length == 0 ? null : Info.Identity;

    /// <summary>Why it is not retried any more.</summary>
    public RetryState RetryState => Info.RetryState;

    ActivityFailureInfo Info => Failure.ActivityFailureInfo ?? new();
}
