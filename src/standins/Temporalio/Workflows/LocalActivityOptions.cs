using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>How a local activity is run. One of the two close timeouts is required.</summary>
public class LocalActivityOptions : ICloneable
{
    /// <summary>Limit over all attempts and the waits between them.</summary>
    public TimeSpan? ScheduleToCloseTimeout { get; set; }

    /// <summary>Limit of the wait for a slot.</summary>
    public TimeSpan? ScheduleToStartTimeout { get; set; }

    /// <summary>Limit of one attempt.</summary>
    public TimeSpan? StartToCloseTimeout { get; set; }

    /// <summary>How failures are retried; default from 1 s, doubled each time, for ever.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>A wait up to this long is spent inside the workflow task, a longer one as a timer. Default one minute.</summary>
    public TimeSpan? LocalRetryThreshold { get; set; }

    /// <summary>What a cancellation means, default <see cref="ActivityCancellationType.TryCancel"/>.</summary>
    public ActivityCancellationType CancellationType { get; set; } = ActivityCancellationType.TryCancel;

    /// <summary>Cancels the activity; null is the workflow's own token.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>Id, default the number of the activity in its workflow.</summary>
    public string? ActivityId { get; set; }

    /// <summary>A line for user interfaces.</summary>
    public string? Summary { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}
